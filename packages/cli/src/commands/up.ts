import { askSupervisor, runningSupervisor, stackSettings, type StackStatus } from '@signalbox/local-stack';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { CommandContext } from '../context.js';
import { startScreen } from '../stack/screen.js';
import { noteStartError, upDetached } from '../stack/up-detached.js';
import { upHere } from '../stack/up-here.js';

interface UpOptions {
  readonly detach?: boolean;
  readonly supervised?: boolean;
}

/** `signalbox up [--detach]` */
export function registerUp(program: Command, context: CommandContext): void {
  program
    .command('up')
    .description('start Kafka, PostgreSQL and every app')
    .option('-d, --detach', 'return when all is ready and leave it running')
    .addOption(new Option('--supervised', 'run as the background process of --detach').hideHelp())
    .action((options: UpOptions) => up(context, options));
}

async function up(context: CommandContext, { detach, supervised }: UpOptions): Promise<void> {
  const settings = stackSettings();
  if (supervised) return upSupervised(context, settings.dataDir);
  const { output } = context;
  const running = runningSupervisor(settings.dataDir);
  if (running) {
    const status = await askSupervisor<StackStatus>(running, { action: 'status' });
    output.progress(`It runs already (pid ${running.supervisor.pid}).`);
    return output.result(status, () => startScreen(status, true));
  }
  if (!detach) return upHere(context, settings);
  output.progress('Starting Signalbox');
  const status = await upDetached(context, settings.dataDir);
  output.result(status, () => startScreen(status, true));
  if (status.phase !== 'ready') context.fail();
}

async function upSupervised(context: CommandContext, dataDir: string): Promise<void> {
  try {
    await upHere(context);
  } catch (error) {
    noteStartError(dataDir, error);
    throw error;
  }
}
