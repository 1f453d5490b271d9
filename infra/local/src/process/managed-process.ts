import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { waitUntil } from '../wait-until.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './identity.js';
import { readJsonFile, removeFile, writeJsonFile } from './json-file.js';

export interface LaunchOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
  readonly cwd: string;
  /** Standard output and error are appended to this file. */
  readonly logPath: string;
  /** Where the identity is kept while it runs, so that a later start finds what an earlier one left behind. */
  readonly recordPath: string;
  /** How to ask it to end; SIGTERM when left out. */
  readonly stopSignal?: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child in a process group of its own: Ctrl-C in the terminal does not reach it, the stack stops it in order. */
export interface ManagedProcess {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly exited: Promise<ExitStatus>;
  readonly running: boolean;
  /** The stop signal, after `graceMs` SIGKILL; resolves when the process is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Starts the process; throws `stack_unavailable` when the command cannot be run. */
export async function launch(options: LaunchOptions): Promise<ManagedProcess> {
  mkdirSync(dirname(options.logPath), { recursive: true });
  const log = openSync(options.logPath, 'a', 0o600);
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  closeSync(log);
  let status: ExitStatus | undefined;
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => resolve((status = { code, signal })));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new SignalboxError('stack_unavailable', `${options.name} did not start: ${cause.message}`, { cause }),
      ),
    );
  });
  const identity = identifyProcess(child.pid ?? 0) ?? { pid: child.pid ?? 0, started: 'gone' };
  writeJsonFile(options.recordPath, identity);
  void exited.then(() => removeFile(options.recordPath));
  return {
    name: options.name,
    identity,
    exited,
    get running() {
      return status === undefined;
    },
    async stop(graceMs) {
      if (status === undefined) child.kill(options.stopSignal ?? 'SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Ends what an earlier run left behind. Returns whether there was something; a stale record is only removed. */
export async function stopLeftover(
  recordPath: string,
  graceMs: number,
  stopSignal: NodeJS.Signals = 'SIGTERM',
): Promise<boolean> {
  const identity = readJsonFile<ProcessIdentity>(recordPath);
  const found = identity !== undefined && isRunning(identity);
  if (found) await terminate(identity, graceMs, stopSignal);
  removeFile(recordPath);
  return found;
}

/** The stop signal, after `graceMs` SIGKILL, for a process that is not our child. */
export async function terminate(
  identity: ProcessIdentity,
  graceMs: number,
  stopSignal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  if (!signal(identity, stopSignal)) return;
  const gone = () => (isRunning(identity) ? undefined : true);
  if (await waitUntil(gone, graceMs)) return;
  signal(identity, 'SIGKILL');
  if (await waitUntil(gone, 5_000)) return;
  throw new SignalboxError('stack_unavailable', `Process ${identity.pid} does not end.`);
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
