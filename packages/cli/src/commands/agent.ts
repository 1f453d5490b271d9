import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { controlClient, type AgentOptions } from '../operate/control-client.js';
import type { Control } from '../operate/model.js';
import { agentOptions, byOption } from '../operate/options.js';
import { controlText } from '../operate/text.js';

/** `signalbox agent status|pause|resume` */
export function registerAgent(program: Command, context: CommandContext): void {
  const agent = program.command('agent').description('pause an agent and let it go on');
  agentOptions(agent.command('status'))
    .description('whether it is paused and whether its effects are held')
    .action(async (options: AgentOptions) => {
      const control = await controlClient(options).get<Control>('');
      context.output.result(control, () => controlText(control));
    });
  onAndOff(agent, context, {
    on: [
      'pause',
      '/pause',
      'read and begin nothing until it is resumed; nothing is lost, all processes follow',
    ],
    off: ['resume', '/resume', 'go on where it was paused'],
  });
}

type Turn = readonly [name: string, path: string, description: string];

/** Two commands that turn a kill switch on and off. */
export function onAndOff(
  parent: Command,
  { output }: CommandContext,
  { on, off }: { on: Turn; off: Turn },
): void {
  const turn = async (path: string, options: AgentOptions, body: object): Promise<void> => {
    const control = await controlClient(options).post<Control>(path, body);
    output.result(control, () => controlText(control));
  };
  byOption(agentOptions(parent.command(on[0])))
    .description(on[2])
    .requiredOption('--why <text>', 'why, for those who wonder')
    .action((options: AgentOptions & { by: string; why: string }) =>
      turn(on[1], options, { by: options.by, why: options.why }),
    );
  byOption(agentOptions(parent.command(off[0])))
    .description(off[2])
    .action((options: AgentOptions & { by: string }) => turn(off[1], options, { by: options.by }));
}
