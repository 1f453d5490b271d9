import { join } from 'node:path';
import { defaultDataDir } from '../paths.js';
import type { ProcessIdentity } from '../process/identity.js';

export interface TestStack {
  readonly kafkaBrokers: string[];
  /** Admin URL: its user is a superuser. */
  readonly databaseUrl: string;
}

/** What the host of a test stack tells those who attach to it. */
export interface TestStackState extends TestStack {
  readonly host: ProcessIdentity;
}

export interface TestStackFiles {
  readonly dir: string;
  readonly statePath: string;
  readonly lockPath: string;
  readonly usersDir: string;
  readonly logPath: string;
}

export function testStackFiles(dir = join(defaultDataDir, 'test')): TestStackFiles {
  return {
    dir,
    statePath: join(dir, 'stack.json'),
    lockPath: join(dir, 'stack.lock'),
    usersDir: join(dir, 'users'),
    logPath: join(dir, 'logs', 'host.log'),
  };
}
