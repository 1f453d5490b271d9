import { repositoryDir } from '@signalbox/local-stack';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { collect } from '../format/arguments.js';
import { makeAgent } from '../scaffold/new-agent.js';

interface NewOptions {
  readonly on: readonly string[];
  readonly startFrom: 'earliest' | 'latest';
}

/** `signalbox new agent <name>` */
export function registerNew(program: Command, context: CommandContext): void {
  program
    .command('new')
    .description('begin something new')
    .command('agent')
    .description(
      'make apps/agent-<name>: rules, state, timer, tests, README, entries in infra/apps.json and compose',
    )
    .argument('<name>', 'lower-case words joined by -, such as lead-scoring')
    .requiredOption(
      '--on <event type>',
      'what the agent listens to; may be given again',
      collect((type) => type),
    )
    .addOption(
      new Option('--start-from <place>', 'where its first start begins')
        .choices(['earliest', 'latest'])
        .default('latest'),
    )
    .action((name: string, options: NewOptions) => newAgent(context, name, options));
}

async function newAgent({ output }: CommandContext, name: string, options: NewOptions): Promise<void> {
  const { plan, files } = await makeAgent(repositoryDir, name, options.on, options.startFrom);
  const { app, port } = plan;
  output.result({ app, port, files }, () =>
    [
      ...files.map((file) => `wrote ${file}`),
      '',
      `${app} listens to ${plan.events.map(({ contract }) => contract.type).join(', ')} and has port ${port}. Next:`,
      `  npm test -w apps/${app}        its tests, which pass as it is`,
      `  npm start                      the stack with it (stop a running one first)`,
      `  npm run dev -- ${app}    that one app from source, restarted at every change`,
      `Its rules are in apps/${app}/src/${plan.name}.decide.ts.`,
    ].join('\n'),
  );
}
