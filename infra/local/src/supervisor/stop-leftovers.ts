import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { storeDirs } from '../paths.js';
import { stopLeftover } from '../process/managed-process.js';

/** Ends what a killed supervisor left running: apps first, then the stores. Returns the names of what it ended. */
export async function stopLeftovers(dataDir: string): Promise<string[]> {
  const { runDir } = storeDirs(dataDir);
  const appsDir = join(runDir, 'apps');
  const apps = existsSync(appsDir) ? readdirSync(appsDir).filter((name) => name.endsWith('.json')) : [];
  const stopped: string[] = [];
  const stop = async (path: string, name: string, signal?: NodeJS.Signals): Promise<void> => {
    if (await stopLeftover(path, 10_000, signal)) stopped.push(name);
  };
  await Promise.all(apps.map((name) => stop(join(appsDir, name), name.replace(/\.json$/, ''))));
  await Promise.all([
    stop(join(runDir, 'kafka.json'), 'kafka'),
    stop(join(runDir, 'postgres.json'), 'postgres', 'SIGINT'),
  ]);
  return stopped;
}
