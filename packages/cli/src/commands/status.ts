import { askSupervisor, runningSupervisor, stackSettings, type StackStatus } from '@signalbox/local-stack';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { serviceTable } from '../stack/screen.js';

/** `signalbox status`: exit code 0 when everything is ready, else 1. */
export function registerStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show what runs; exit code 1 unless everything is ready')
    .action(() => status(context));
}

async function status({ output, fail }: CommandContext): Promise<void> {
  const record = runningSupervisor(stackSettings().dataDir);
  if (!record) {
    fail();
    return output.result(
      { running: false },
      () => 'Nothing runs. Start it with `npm start` or `npx signalbox up --detach`.',
    );
  }
  const { phase, services } = await askSupervisor<StackStatus>(record, { action: 'status' });
  if (phase !== 'ready') fail();
  output.result(
    { running: true, phase, services },
    () => `Signalbox is ${phase}.\n\n${serviceTable(services)}`,
  );
}
