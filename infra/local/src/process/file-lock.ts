import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { waitUntil } from '../wait-until.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './identity.js';
import { readJsonFile, removeFile } from './json-file.js';

/**
 * Runs `work` while no other process holds the lock. A lock whose holder has died is taken over.
 * Throws `stack_unavailable` after `limitMs`.
 */
export async function withFileLock<T>(path: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const taken = await waitUntil(() => tryLock(path), limitMs, 50);
  if (taken === undefined) {
    const holder = readJsonFile<ProcessIdentity>(path);
    throw new SignalboxError(
      'stack_unavailable',
      `Another process (pid ${holder?.pid ?? '?'}) holds ${path}.`,
      {
        action: 'Wait until it is done, or end that process.',
      },
    );
  }
  try {
    return await work();
  } finally {
    removeFile(path);
  }
}

/** A link is made as a whole or not at all, so no other process ever reads a half-written lock. */
function tryLock(path: string): true | undefined {
  const mine = `${path}.${process.pid}.${performance.now()}`;
  writeFileSync(mine, JSON.stringify(identifyProcess(process.pid)));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    removeDeadLock(path);
    return undefined;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moved aside first: another process may have taken the dead lock over since it was read, then it gets it back. */
function removeDeadLock(path: string): void {
  const holder = readJsonFile<ProcessIdentity>(path);
  if (holder === undefined || isRunning(holder)) return;
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readJsonFile<ProcessIdentity>(aside);
  if (moved !== undefined && isRunning(moved)) linkSync(aside, path);
  removeFile(aside);
}
