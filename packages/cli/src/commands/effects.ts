import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../format/arguments.js';
import { controlClient, type AgentOptions } from '../operate/control-client.js';
import type { Letter } from '../operate/model.js';
import { agentOptions, byOption } from '../operate/options.js';
import { unknownTable } from '../operate/text.js';
import { onAndOff } from './agent.js';

interface SettleOptions extends AgentOptions {
  readonly by: string;
  readonly why: string;
}

/** `signalbox effects hold|release|unknown|done|not-done` */
export function registerEffects(program: Command, context: CommandContext): void {
  const effects = program
    .command('effects')
    .description("hold a connector's calls to the outside; say how calls ended of which nobody knows");
  onAndOff(effects, context, {
    on: ['hold', '/effects/hold', 'begin no call until they are released; requests are taken and wait'],
    off: ['release', '/effects/release', 'go on with the calls that wait'],
  });
  agentOptions(effects.command('unknown'))
    .description('calls that were begun and of which nobody knows how they ended')
    .option('-n, --limit <n>', 'the newest so many', wholeNumber(1, 500), 50)
    .action(async (options: AgentOptions & { limit: number }) => {
      const path = `/effects/unknown?limit=${options.limit}`;
      const { unknown } = await controlClient(options).get<{ unknown: Letter[] }>(path);
      context.output.result(unknown, () => unknownTable(unknown));
    });
  settling(effects, context, 'done', 'the receiver did it: it is not done again');
  settling(
    effects,
    context,
    'not-done',
    'the receiver did not do it: the request goes back to the connector',
  );
}

function settling(
  effects: Command,
  { output }: CommandContext,
  name: 'done' | 'not-done',
  description: string,
): void {
  byOption(agentOptions(effects.command(name)))
    .description(description)
    .argument('<id>', 'number of its dead letter')
    .requiredOption('--why <text>', 'how you know, for those who ask later')
    .action(async (id: string, { by, why, ...agent }: SettleOptions) => {
      const body = { done: name === 'done', by, why };
      const path = `/effects/unknown/${encodeURIComponent(id)}`;
      const settled = await controlClient(agent).post<{ id: string; outcome: string }>(path, body);
      output.result(settled, () =>
        name === 'done' ? `act ${settled.id} is done and settled` : `act ${settled.id} is tried again`,
      );
    });
}
