import { Option, type Command } from 'commander';
import { span, wholeNumber } from '../format/arguments.js';
import { person } from '../stack/person.js';

/** Options every command about an agent takes. */
export const agentOptions = (command: Command): Command =>
  command
    .requiredOption('--agent <name>', 'the agent or connector, such as welcome')
    .option('--url <url>', 'its address; default: the local stack');

/** Who does it, kept with what was done. */
export const byOption = (command: Command): Command =>
  command.option('--by <name>', 'your name, kept with what you do', person());

export interface FilterOptions {
  readonly status?: string;
  readonly fingerprint?: string;
  readonly handler?: string;
  readonly type?: string;
  readonly since?: number;
  readonly until?: number;
}

/** Options that choose dead letters. */
export const filterOptions = (command: Command): Command =>
  command
    .option('--fingerprint <hex>', 'only those of one cause: see `dlq list --by-cause`')
    .option('--handler <name>', 'only those of one handler')
    .option('--type <event type>', 'only events of one type')
    .option('--since <span>', 'dead for at most so long: 15m, 24h, 7d', span)
    .option('--until <span>', 'dead for at least so long', span);

export const statusOption = new Option('--status <status>', 'only these')
  .choices(['open', 'redriven', 'discarded'])
  .default('open');

export const limitOption = new Option('-n, --limit <n>', 'the newest so many')
  .argParser(wholeNumber(1, 500))
  .default(50);

/** The chosen filter as the control API names it; spans become times before `nowMs`. */
export const filterOf = (options: FilterOptions, nowMs: number): Record<string, string> => ({
  ...(options.status ? { status: options.status } : {}),
  ...(options.fingerprint ? { fingerprint: options.fingerprint } : {}),
  ...(options.handler ? { handler: options.handler } : {}),
  ...(options.type ? { event_type: options.type } : {}),
  ...(options.since ? { from: new Date(nowMs - options.since).toISOString() } : {}),
  ...(options.until ? { to: new Date(nowMs - options.until).toISOString() } : {}),
});
