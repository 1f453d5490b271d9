import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hostPortList, inheritedEnvironment, loadSettings, postgresUrl } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { repositoryDir } from '../paths.js';
import { withFileLock } from '../process/file-lock.js';
import { isRunning } from '../process/identity.js';
import { readJsonFile, removeFile } from '../process/json-file.js';
import { logTail } from '../process/log-tail.js';
import { terminate } from '../process/managed-process.js';
import { entryArgs } from '../run-source.js';
import { waitUntil } from '../wait-until.js';
import {
  testStackFiles,
  type TestStack,
  type TestStackFiles,
  type TestStackState,
} from './test-stack-files.js';
import { registerUser } from './users.js';

/** Includes the download of Kafka in a new clone. */
const startLimitMs = 900_000;

const settingsSchema = z.object({
  SIGNALBOX_TEST_KAFKA_BROKERS: hostPortList.optional(),
  SIGNALBOX_TEST_DATABASE_URL: postgresUrl.optional(),
});

/**
 * Real Kafka and real PostgreSQL for tests. SIGNALBOX_TEST_KAFKA_BROKERS and SIGNALBOX_TEST_DATABASE_URL name
 * existing ones; otherwise all test processes of this checkout share one pair on free ports, which starts with empty
 * stores, and ends by itself 45 s after the last process that asked for it is gone.
 * Use topics, groups and databases of your own. Throws `stack_unavailable` with what to do.
 */
export async function testStack(): Promise<TestStack> {
  const settings = loadSettings(settingsSchema);
  const { SIGNALBOX_TEST_KAFKA_BROKERS: brokers, SIGNALBOX_TEST_DATABASE_URL: databaseUrl } = settings;
  if (brokers && databaseUrl) return { kafkaBrokers: brokers, databaseUrl };
  const shared = await attachTestStack(testStackFiles());
  return { kafkaBrokers: brokers ?? shared.kafkaBrokers, databaseUrl: databaseUrl ?? shared.databaseUrl };
}

/** Joins the stack of that folder, starting it when it does not run. */
export async function attachTestStack(files: TestStackFiles): Promise<TestStack> {
  registerUser(files.usersDir, process.pid);
  const running = runningState(files);
  if (running) return running;
  return withFileLock(
    files.lockPath,
    startLimitMs,
    async () => runningState(files) ?? (await startHost(files)),
  );
}

/** Ends the stack of that folder, if it runs. For the test command, which should not leave one behind. */
export async function stopTestStack(files: TestStackFiles = testStackFiles()): Promise<void> {
  const state = readJsonFile<TestStackState>(files.statePath);
  if (state) await terminate(state.host, 20_000);
  removeFile(files.statePath);
}

function runningState(files: TestStackFiles): TestStack | undefined {
  const state = readJsonFile<TestStackState>(files.statePath);
  if (!state || !isRunning(state.host)) return undefined;
  return { kafkaBrokers: state.kafkaBrokers, databaseUrl: state.databaseUrl };
}

async function startHost(files: TestStackFiles): Promise<TestStack> {
  removeFile(files.statePath);
  mkdirSync(dirname(files.logPath), { recursive: true });
  const log = openSync(files.logPath, 'w', 0o600);
  const host = spawn(process.execPath, [...entryArgs(__filename, join(__dirname, 'host')), files.dir], {
    cwd: repositoryDir,
    detached: true,
    stdio: ['ignore', log, log],
    // Jest sets NODE_OPTIONS and friends for its workers; the host is not one.
    env: inheritedEnvironment({ NODE_OPTIONS: undefined, JEST_WORKER_ID: undefined, NODE_ENV: undefined }),
  });
  closeSync(log);
  host.unref();
  let ended = false;
  host.once('exit', () => (ended = true));
  const outcome = await waitUntil(() => (ended ? 'ended' : runningState(files)), startLimitMs, 50);
  if (typeof outcome === 'object') return outcome;
  const why = outcome === 'ended' ? 'could not start' : `was not ready within ${startLimitMs / 1_000} s`;
  throw new SignalboxError(
    'stack_unavailable',
    `The test stack ${why}. The end of ${files.logPath}:\n${logTail(files.logPath)}`,
    {
      action:
        'Follow the message above, or set SIGNALBOX_TEST_KAFKA_BROKERS and SIGNALBOX_TEST_DATABASE_URL.',
    },
  );
}
