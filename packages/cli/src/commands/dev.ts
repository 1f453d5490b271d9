import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  askSupervisor,
  identifyProcess,
  removeFile,
  repositoryDir,
  runningSupervisor,
  sourceFlags,
  stackSettings,
  writeJsonFile,
  type SupervisorRecord,
} from '@signalbox/local-stack';
import { SignalboxError } from '@signalbox/errors';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';

/** `signalbox dev <app>`: that one app from source, started again at every change. */
export function registerDev(program: Command, context: CommandContext): void {
  program
    .command('dev')
    .description('run one app from source with watch and restart, in place of the one in the running stack')
    .argument('<app>')
    .action((app: string) => dev(context, app));
}

async function dev({ output, signal }: CommandContext, name: string): Promise<void> {
  const { dataDir, allApps } = stackSettings();
  const app = allApps.find((candidate) => candidate.name === name);
  const record = runningSupervisor(dataDir);
  if (!app || !record) throw devRefusal(name, app !== undefined);
  const env = await askSupervisor<Record<string, string>>(record, {
    action: 'hold',
    app: name,
    pid: process.pid,
  });
  output.progress(`${name} runs from source on port ${app.port}; Ctrl-C gives it back to the stack.`);
  try {
    const notePath = join(dataDir, 'run', 'apps', `${name}.dev.json`);
    await runWatched(join(repositoryDir, app.workspace, 'src', 'main.ts'), notePath, env, signal);
  } finally {
    await giveBack(record, name);
    output.progress(`${name} is run by the stack again.`);
  }
}

/** Resolves when the signal came and the app has ended. Node's watch mode starts it again at each change. */
function runWatched(
  mainPath: string,
  notePath: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  const args = ['--watch', '--watch-preserve-output', '--enable-source-maps', ...sourceFlags, mainPath];
  // A group of its own: Ctrl-C reaches it through us only, once.
  const child = spawn(process.execPath, args, {
    cwd: repositoryDir,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // Should this command be killed, the stack ends what it left.
  writeJsonFile(notePath, identifyProcess(child.pid ?? 0));
  const stop = (): void => void child.kill('SIGTERM');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      removeFile(notePath);
      resolve();
    });
  });
}

async function giveBack(record: SupervisorRecord, app: string): Promise<void> {
  if (runningSupervisor(stackSettings().dataDir)) await askSupervisor(record, { action: 'release', app });
}

function devRefusal(name: string, isKnown: boolean): SignalboxError {
  if (isKnown) {
    return new SignalboxError('stack_unavailable', 'The local stack is not running.', {
      action: `Start it with \`npx signalbox up --detach\`, then run \`npm run dev -- ${name}\` again.`,
    });
  }
  const known = stackSettings().allApps.map((app) => app.name);
  return new SignalboxError('not_found', `There is no app ${name}.`, {
    action: `Known are: ${known.join(', ')}.`,
  });
}
