import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity } from '../process/identity.js';
import { readJsonFile, removeFile, writeJsonFile } from '../process/json-file.js';

/** Notes that a process uses the stack, for as long as it runs. */
export function registerUser(usersDir: string, pid: number): void {
  writeJsonFile(join(usersDir, `${pid}.json`), identifyProcess(pid));
}

/** How many of those processes still run; the notes of the others are removed. */
export function countUsers(usersDir: string): number {
  mkdirSync(usersDir, { recursive: true });
  const paths = readdirSync(usersDir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(usersDir, name));
  return paths.filter((path) => {
    const user = readJsonFile<ProcessIdentity>(path);
    const alive = user !== undefined && isRunning(user);
    if (!alive) removeFile(path);
    return alive;
  }).length;
}
