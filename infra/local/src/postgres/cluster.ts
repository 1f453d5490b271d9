import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { assertReachable, type Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';

/** User, password and database of the local server, which listens on 127.0.0.1 only. */
export const localDatabase = 'signalbox';

const initLimitMs = 60_000;

/** Makes the cluster and the database unless they exist; a kill in between leaves no half-made cluster. */
export async function ensureCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<void> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  assertReachable(account, binaries.postgres);
  const partDir = `${dataDir}.part`;
  const passwordPath = `${dataDir}.password`;
  rmSync(partDir, { recursive: true, force: true });
  mkdirSync(partDir, { recursive: true, mode: 0o700 });
  writeFileSync(passwordPath, `${localDatabase}\n`, { mode: 0o600 });
  own(partDir, account);
  own(passwordPath, account);
  assertReachable(account, partDir);
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--username=${localDatabase}`];
  try {
    await run(binaries.initdb, [`--pgdata=${partDir}`, `--pwfile=${passwordPath}`, ...flags], account);
    const single = ['--single', '-D', partDir, 'postgres'];
    await run(binaries.postgres, single, account, `CREATE DATABASE ${localDatabase}\n`);
  } finally {
    rmSync(passwordPath, { force: true });
  }
  renameSync(partDir, dataDir);
}

function own(path: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function run(command: string, args: string[], account: Account, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = inheritedEnvironment({ LC_ALL: 'C', PGDATA: undefined });
    const child = spawn(command, args, { ...account, env, cwd: dirname(command), timeout: initLimitMs });
    let output = '';
    const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(
        new SignalboxError('stack_unavailable', `PostgreSQL's data folder could not be made:\n${output}`),
      );
    });
    child.stdin.end(input);
  });
}
