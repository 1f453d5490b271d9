import type { Output } from './output.js';

/** What every command gets beside its arguments. */
export interface CommandContext {
  readonly output: Output;
  /** Aborted by the first Ctrl-C or SIGTERM: a command that goes on and on ends then; the second one kills. */
  readonly signal: AbortSignal;
  /** Ends the command with exit code 1 without an error message, for an answer that is "no". */
  fail(): void;
}
