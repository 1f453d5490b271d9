import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startKafka } from '../kafka/kafka-server.js';
import { freePort } from '../net/ports.js';
import { storeDirs } from '../paths.js';
import { localDatabaseUrl, startPostgres } from '../postgres/postgres-server.js';
import { withFileLock } from '../process/file-lock.js';
import { identifyProcess } from '../process/identity.js';
import { removeFile, writeJsonFile } from '../process/json-file.js';
import { stopLeftover, type ManagedProcess } from '../process/managed-process.js';
import { testStackFiles, type TestStackState } from './test-stack-files.js';
import { countUsers } from './users.js';

const checkEveryMs = 1_000;
const idleMs = 45_000;
const lockLimitMs = 60_000;
/** What the stores hold is of no further use, so Kafka need not write it out; PostgreSQL leaves shared memory behind when killed. */
const stopMsMax = { kafka: 1_000, postgres: 10_000 };

/** One host process owns Kafka and Postgres of all test runs of a checkout and ends when nobody uses them. */
async function main(dir: string): Promise<void> {
  const files = testStackFiles(dir);
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());
  const { kafka, postgres, state } = await start(dir);
  const processes = [kafka, postgres];
  const stopAll = (): Promise<unknown> =>
    Promise.all([kafka.stop(stopMsMax.kafka), postgres.stop(stopMsMax.postgres)]);
  for (;;) {
    writeJsonFile(files.statePath, state);
    const mustEnd = await serveUntilIdle(files.usersDir, processes, stopping.signal);
    const ended = await withFileLock(files.lockPath, lockLimitMs, async () => {
      // Whoever registers after this line finds no state and waits for the lock; whoever did before is counted.
      removeFile(files.statePath);
      if (!mustEnd && countUsers(files.usersDir) > 0) return false;
      await stopAll();
      return true;
    });
    if (ended) return;
  }
}

interface Stores {
  readonly kafka: ManagedProcess;
  readonly postgres: ManagedProcess;
  readonly state: TestStackState;
}

/** Every run begins with empty stores: what an earlier run left is of no use and would only grow. */
async function start(dir: string): Promise<Stores> {
  const dirs = storeDirs(dir);
  await stopLeftover(join(dirs.runDir, 'kafka.json'), 0);
  await stopLeftover(join(dirs.runDir, 'postgres.json'), 2_000, 'SIGINT');
  rmSync(join(dirs.kafkaDir, 'log'), { recursive: true, force: true });
  rmSync(dirs.postgresDir, { recursive: true, force: true });
  const [port, controllerPort, postgresPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const starting = [
    startKafka({ dirs, port, controllerPort, heapMb: 512 }),
    startPostgres({ dirs, port: postgresPort, connectionsMax: 400 }),
  ] as const;
  const started = await Promise.allSettled(starting);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(running.map((child) => child.stop(stopMsMax.postgres)));
    throw failed.reason;
  }
  const [kafka, postgres] = await Promise.all(starting);
  const state: TestStackState = {
    host: identifyProcess(process.pid) ?? { pid: process.pid, started: '' },
    kafkaBrokers: [`127.0.0.1:${port}`],
    databaseUrl: localDatabaseUrl(postgresPort),
  };
  return { kafka, postgres, state };
}

/** Resolves to true when it must end: told to, or a store has died. */
async function serveUntilIdle(
  usersDir: string,
  processes: ManagedProcess[],
  signal: AbortSignal,
): Promise<boolean> {
  let usedAtMs = performance.now();
  while (performance.now() - usedAtMs < idleMs) {
    if (signal.aborted || processes.some((child) => !child.running)) return true;
    if (countUsers(usersDir) > 0) usedAtMs = performance.now();
    await delay(checkEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

main(process.argv[2] ?? testStackFiles().dir).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
