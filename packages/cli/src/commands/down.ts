import {
  askSupervisor,
  isRunning,
  runningSupervisor,
  stackSettings,
  stopLeftovers,
  waitUntil,
} from '@signalbox/local-stack';
import { SignalboxError } from '@signalbox/errors';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';

/** Apps have 10 s, the stores 15 s. */
const stopLimitMs = 60_000;

/** `signalbox down`: also clears away what a killed stack left behind. */
export function registerDown(program: Command, context: CommandContext): void {
  program
    .command('down')
    .description('stop the apps, then Kafka and PostgreSQL')
    .action(() => down(context));
}

async function down({ output }: CommandContext): Promise<void> {
  const { dataDir } = stackSettings();
  const record = runningSupervisor(dataDir);
  if (record) {
    await askSupervisor(record, { action: 'down' });
    const gone = await waitUntil(() => (isRunning(record.supervisor) ? undefined : true), stopLimitMs);
    if (!gone) {
      throw new SignalboxError(
        'stack_unavailable',
        `The supervisor (pid ${record.supervisor.pid}) does not end.`,
        {
          action: `End it with \`kill -9 ${record.supervisor.pid}\`, then run this command again.`,
        },
      );
    }
  }
  const leftovers = await stopLeftovers(dataDir);
  const what = leftovers.length > 0 ? ` Also ended, left by a killed stack: ${leftovers.join(', ')}.` : '';
  const stopped = record !== undefined || leftovers.length > 0;
  output.result({ stopped, leftovers }, () => (stopped ? `Stopped.${what}` : 'Nothing was running.'));
}
