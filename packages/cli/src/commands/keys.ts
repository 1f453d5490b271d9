import { SignalboxError } from '@signalbox/errors';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { controlClient, type AgentOptions } from '../operate/control-client.js';
import type { BlockedKey } from '../operate/model.js';
import { agentOptions, byOption, limitOption } from '../operate/options.js';
import { keyTable } from '../operate/text.js';

type DropOptions = AgentOptions & {
  readonly head?: boolean;
  readonly all?: boolean;
  readonly by: string;
  readonly why: string;
};

/** `signalbox keys list|release|drop` */
export function registerKeys(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('keys whose events wait behind a failed one');
  agentOptions(keys.command('list'))
    .description('blocked keys, longest first')
    .addOption(limitOption)
    .action(async (options: AgentOptions & { limit: number }) => {
      const found = await controlClient(options).get<{ keys: BlockedKey[] }>(`/keys?limit=${options.limit}`);
      context.output.result(found.keys, () => keyTable(found.keys, Date.now()));
    });
  byOption(agentOptions(keys.command('release')))
    .description('try the first event of a blocked key now; what waits behind it follows in order')
    .argument('<kind>')
    .argument('<value>')
    .action(async (kind: string, value: string, options: AgentOptions & { by: string }) => {
      const answer = await controlClient(options).post('/keys/release', { kind, value, by: options.by });
      context.output.result(answer, () => `key ${kind}/${value} goes on`);
    });
  byOption(agentOptions(keys.command('drop')))
    .description('put what waits for a key aside, among the discarded dead letters')
    .argument('<kind>')
    .argument('<value>')
    .option('--head', 'the first event only')
    .option('--all', 'all that wait')
    .requiredOption('--why <text>', 'why, for those who ask later')
    .action((kind: string, value: string, options: DropOptions) => drop(context, kind, value, options));
}

async function drop(
  { output }: CommandContext,
  kind: string,
  value: string,
  options: DropOptions,
): Promise<void> {
  const { head = false, all = false, by, why } = options;
  if (head === all)
    throw new SignalboxError('request_malformed', 'Give one of --head and --all.', {
      action: '--head drops the event that fails, --all everything that waits for the key.',
    });
  const body = { kind, value, which: head ? 'head' : 'all', by, why };
  const answer = await controlClient(options).post<{ dropped: number }>('/keys/drop', body);
  output.result(answer, () => `${answer.dropped} dropped from key ${kind}/${value}`);
}
