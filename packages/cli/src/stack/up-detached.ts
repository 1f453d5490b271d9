import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { SignalboxError, type ErrorCode } from '@signalbox/errors';
import {
  askSupervisor,
  entryArgs,
  readJsonFile,
  removeFile,
  repositoryDir,
  runningSupervisor,
  waitUntil,
  writeJsonFile,
  type StackStatus,
} from '@signalbox/local-stack';
import type { CommandContext } from '../context.js';

/** Includes the download of Kafka in a new clone. */
const startLimitMs = 900_000;

interface StartError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly action: string;
}

const startErrorPath = (dataDir: string): string => join(dataDir, 'run', 'start-error.json');

/** Starts the stack in a process of its own and resolves with its status when all apps are ready or had their time. */
export async function upDetached({ output, signal }: CommandContext, dataDir: string): Promise<StackStatus> {
  removeFile(startErrorPath(dataDir));
  const child = spawnSupervisor(dataDir);
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  let ended = false;
  child.once('exit', () => (ended = true));
  let shown = 0;
  const outcome = await waitUntil(
    async () => {
      if (ended) return 'ended';
      const record = runningSupervisor(dataDir);
      if (!record || record.supervisor.pid !== child.pid) return undefined;
      const status = await askSupervisor<StackStatus>(record, { action: 'status' }).catch(() => undefined);
      for (const event of status?.events.slice(shown) ?? []) output.progress(`  ${event}`);
      shown = status?.events.length ?? shown;
      return status?.phase === 'ready' || status?.phase === 'degraded' ? status : undefined;
    },
    startLimitMs,
    100,
  );
  if (typeof outcome === 'object') {
    child.unref();
    return outcome;
  }
  const { code, message, action } = readJsonFile<StartError>(startErrorPath(dataDir)) ?? {
    code: 'stack_unavailable' as const,
    message: 'The stack did not start.',
    action: `Read ${join(dataDir, 'logs', 'supervisor.log')}.`,
  };
  throw new SignalboxError(code, message, { action });
}

/** Leaves word for `upDetached` why the stack did not start. */
export function noteStartError(dataDir: string, error: unknown): void {
  const { code, message, action } =
    error instanceof SignalboxError ? error : new SignalboxError('internal', String(error), { cause: error });
  writeJsonFile(startErrorPath(dataDir), { code, message, action } satisfies StartError);
}

function spawnSupervisor(dataDir: string): ChildProcess {
  const logsDir = join(dataDir, 'logs');
  mkdirSync(logsDir, { recursive: true });
  const log = openSync(join(logsDir, 'supervisor.log'), 'a', 0o600);
  const args = [...entryArgs(__filename, join(__dirname, '..', 'run')), 'up', '--supervised'];
  const child = spawn(process.execPath, args, {
    cwd: repositoryDir,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}
