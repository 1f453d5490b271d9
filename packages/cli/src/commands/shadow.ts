import { join, resolve } from 'node:path';
import { rfc3339Ms, isRfc3339 } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { repositoryDir, requireLocalState, stackSettings } from '@signalbox/local-stack';
import { InvalidArgumentError, type Command } from 'commander';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../format/arguments.js';
import { reportText } from '../shadow/report-text.js';
import { runShadow } from '../shadow/run-host.js';

const decisionsMax = 1_000_000;

interface ShadowOptions {
  readonly from: number;
  readonly to?: number;
  readonly limit: number;
  readonly module?: string;
}

/** `signalbox shadow <agent>` */
export function registerShadow(program: Command, context: CommandContext): void {
  program
    .command('shadow')
    .description('run the working copy of an agent over recorded events, without effects, and compare')
    .argument('<agent>', 'such as ops')
    .option('--from <time>', 'compare decisions from this time on: RFC 3339, or earliest', time, 0)
    .option('--to <time>', 'compare decisions up to this time: RFC 3339; left out: now', time)
    .option('--limit <n>', 'compare at most so many decisions', wholeNumber(1, decisionsMax), decisionsMax)
    .option('--module <file>', "the app's module of another working copy")
    .action((agent: string, options: ShadowOptions) => shadow(context, agent, options));
}

async function shadow(
  { output, signal }: CommandContext,
  agent: string,
  options: ShadowOptions,
): Promise<void> {
  const modulePath = options.module === undefined ? moduleOf(agent) : resolve(options.module);
  output.progress(`Reading what ${agent} decided, and running the working copy over the same events …`);
  const report = await runShadow(
    {
      modulePath,
      connection: { ...requireLocalState().kafka, clientId: 'signalbox-shadow' },
      fromMs: options.from,
      toMs: options.to ?? Date.now(),
      decisionsMax: options.limit,
    },
    signal,
  );
  output.result(report, () => reportText(report));
}

/** The module of an agent's app in this working copy. */
function moduleOf(agent: string): string {
  const agents = stackSettings().allApps.filter((app) => app.agent !== undefined);
  const found = agents.find((app) => app.agent === agent || app.name === agent);
  if (found) return join(repositoryDir, found.workspace, 'src', 'app.module.ts');
  throw new SignalboxError('not_found', `There is no agent ${agent}.`, {
    action: `Known are: ${agents.map((app) => app.agent).join(', ')}.`,
  });
}

function time(text: string): number {
  if (text === 'earliest') return 0;
  if (isRfc3339(text)) return rfc3339Ms(text);
  throw new InvalidArgumentError('It must be a time like 2026-04-05T12:00:00Z, or earliest.');
}
