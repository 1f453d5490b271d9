import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../process/identity.js';

const statusLine = 7;

/** Whether the server with this process id says in its own pid file that it takes connections. */
export function postgresReady(dataDir: string, pid: number): boolean {
  const lines = read(dataDir);
  return Number(lines?.[0]) === pid && lines?.[statusLine]?.trim() === 'ready';
}

/**
 * Removes the pid file of a killed server when its number belongs to something else by now: PostgreSQL would refuse
 * to start. Called only when no server of ours runs.
 */
export function removeStalePostmasterFile(dataDir: string): void {
  const pid = Number(read(dataDir)?.[0]);
  if (!pid) return;
  const command = commandLine(pid);
  if (command !== undefined && command.includes(dataDir)) return;
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}

function read(dataDir: string): string[] | undefined {
  try {
    return readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}
