import { FatalError, SignalboxError } from '@signalbox/errors';
import { inheritedEnvironment, type Environment } from '@signalbox/config';
import { withTimeLimit } from '@signalbox/outbound-http';
import { spawn, type ChildProcess } from 'node:child_process';
import { oneLine } from './one-line.js';

/** Bytes of a command's output that are kept, from its end. */
export const outputBytesMax = 8_192;

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Variables for the program, secrets excepted; left out: the remediator's own. */
  readonly environment?: Environment;
}

const secret = /SECRET|PASSWORD|TOKEN|CREDENTIAL|API_KEY|DATABASE_URL/i;

/** The variables whose names do not speak of a secret. */
const withoutSecrets = (environment: Environment): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !secret.test(name)));

/**
 * Runs a program with its arguments, without a shell and without an input, and resolves with the end of its output.
 * Rejects with `outbound_refused` when it cannot be started, `outbound_failed` when it ends with another code than 0,
 * `outcome_unknown` when the time-out or the signal ended it (its whole process group gets SIGKILL).
 */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<string> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what the program started ends with it.
    detached: true,
    env: withoutSecrets(options.environment ?? inheritedEnvironment()),
  });
  const output = collectOutput(child);
  const ended = await withTimeLimit(options.timeoutMs, options.signal, (limit) => endOf(child, limit));
  if (ended.kind === 'not-started') {
    throw new FatalError(`${program} could not be started: ${ended.error.message}`, {
      code: 'outbound_refused',
    });
  }
  if (ended.kind === 'cut') {
    throw new FatalError(`${program} was ended after ${options.timeoutMs} ms or by the attempt's end`, {
      code: 'outcome_unknown',
    });
  }
  const text = output();
  if (ended.code === 0) return text;
  const how = ended.code === null ? `signal ${ended.signal}` : `code ${ended.code}`;
  throw new SignalboxError('outbound_failed', `${program} ended with ${how}: ${text.slice(-500)}`);
}

type End =
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'not-started'; readonly error: Error }
  | { readonly kind: 'cut' };

function endOf(child: ChildProcess, limit: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    let cut = false;
    const onLimit = (): void => {
      cut = true;
      killGroup(child);
    };
    child.once('error', (error) => resolve({ kind: 'not-started', error }));
    child.once('close', (code, killedBy) => {
      limit.removeEventListener('abort', onLimit);
      resolve(cut ? { kind: 'cut' } : { kind: 'exited', code, signal: killedBy });
    });
    if (limit.aborted) onLimit();
    else limit.addEventListener('abort', onLimit, { once: true });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}

/** Keeps the last bytes of both outputs; returns them as one line of printable text. */
function collectOutput(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  const take = (part: Buffer): void => {
    const all = Buffer.concat([kept, part]);
    kept = all.subarray(Math.max(0, all.length - outputBytesMax));
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return () => oneLine(kept.toString('utf8'));
}
