import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import type { StoreDirs } from '../paths.js';
import { logTail } from '../process/log-tail.js';
import { launch, stopLeftover, type ManagedProcess } from '../process/managed-process.js';
import { waitUntil } from '../wait-until.js';
import { postgresAccount, type Account } from './account.js';
import { postgresBinaries, type PostgresBinaries } from './binaries.js';
import { ensureCluster, localDatabase } from './cluster.js';
import { postgresReady, removeStalePostmasterFile } from './postmaster-file.js';

/** Replaying the log of a killed server may take a while. */
const startLimitMs = 120_000;
const leftoverGraceMs = 10_000;
const orphansPauseMs = 200;

export interface PostgresOptions {
  readonly dirs: StoreDirs;
  readonly port: number;
  readonly connectionsMax?: number;
  /** Settings beside or instead of the usual ones, by PostgreSQL's own names. */
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly onProgress?: (message: string) => void;
}

/** The URL of a local server; its user is a superuser. */
export function localDatabaseUrl(port: number): string {
  return `postgres://${localDatabase}:${localDatabase}@127.0.0.1:${port}/${localDatabase}`;
}

/**
 * Starts the server and resolves when it takes connections. A killed server's data is recovered by PostgreSQL
 * itself, once the children it left behind have ended: fsync stays on. Throws `stack_unavailable`, with the end of
 * the log when it ended by itself.
 */
export async function startPostgres(options: PostgresOptions): Promise<ManagedProcess> {
  const { dirs } = options;
  const binaries = postgresBinaries();
  const recordPath = join(dirs.runDir, 'postgres.json');
  if (await stopLeftover(recordPath, leftoverGraceMs, 'SIGINT')) {
    options.onProgress?.('stopped a PostgreSQL left by an earlier run');
  }
  const account = postgresAccount();
  mkdirSync(dirs.runDir, { recursive: true });
  await ensureCluster(dirs.postgresDir, binaries, account);
  removeStalePostmasterFile(dirs.postgresDir);
  const logPath = join(dirs.logsDir, 'postgres.log');
  const untilMs = performance.now() + startLimitMs;
  for (;;) {
    const server = await launchServer(options, { binaries, account, logPath, recordPath });
    const outcome = await waitUntil(() => {
      if (!server.running) return 'ended';
      return postgresReady(dirs.postgresDir, server.identity.pid) ? 'ready' : undefined;
    }, startLimitMs);
    if (outcome === 'ready') return server;
    await server.stop(5_000);
    const log = logTail(logPath);
    if (outcome === 'ended' && isWaitingForOrphans(log, server.identity.pid) && performance.now() < untilMs) {
      await delay(orphansPauseMs);
      continue;
    }
    throw startFailure(outcome, log, logPath, dirs.postgresDir);
  }
}

interface Launch {
  readonly binaries: PostgresBinaries;
  readonly account: Account;
  readonly logPath: string;
  readonly recordPath: string;
}

const launchServer = (
  options: PostgresOptions,
  { binaries, account, logPath, recordPath }: Launch,
): Promise<ManagedProcess> =>
  launch({
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', options.dirs.postgresDir, ...serverFlags(options.port, options)],
    env: inheritedEnvironment({ LC_ALL: 'C', PGDATA: undefined }),
    cwd: options.dirs.postgresDir,
    logPath,
    recordPath,
    // Fast shutdown: open sessions are ended, nothing committed is lost. SIGTERM would wait for every client.
    stopSignal: 'SIGINT',
    ...account,
  });

/** The children of a killed server notice its end a moment later; until then no other may open its data. */
const isWaitingForOrphans = (log: string, pid: number): boolean =>
  new RegExp(`\\[${pid}\\] FATAL: +pre-existing shared memory block`).test(log);

function startFailure(
  outcome: 'ended' | undefined,
  log: string,
  logPath: string,
  dir: string,
): SignalboxError {
  const why = outcome === 'ended' ? 'ended by itself' : `was not ready within ${startLimitMs / 1_000} s`;
  return new SignalboxError('stack_unavailable', `PostgreSQL ${why}. The end of ${logPath}:\n${log}`, {
    action: `Read the log. Data that cannot be read any more is dropped by deleting ${dir}.`,
  });
}

function serverFlags(port: number, { connectionsMax = 200, settings: more = {} }: PostgresOptions): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    // No socket file: its path would have to stay below about 100 characters.
    unix_socket_directories: '',
    max_connections: connectionsMax,
    shared_buffers: '128MB',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
