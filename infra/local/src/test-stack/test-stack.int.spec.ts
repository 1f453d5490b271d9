import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaServes } from '../kafka/probe.js';
import { identifyProcess, isRunning } from '../process/identity.js';
import { readJsonFile, writeJsonFile } from '../process/json-file.js';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { attachTestStack, stopTestStack } from './test-stack.js';
import { testStackFiles, type TestStackState } from './test-stack-files.js';
import { countUsers, registerUser } from './users.js';

/** Starting a JVM on a busy machine takes its time. */
jest.setTimeout(180_000);

describe('the stack of the tests', () => {
  const files = testStackFiles(temporaryDir('test-stack'));
  const portOf = (broker: string | undefined): number => Number(broker?.split(':')[1]);
  afterAll(async () => {
    await stopTestStack(files);
    removeTemporaryDirs();
  });

  it('is started once for all who ask at the same time', async () => {
    const stacks = await Promise.all([
      attachTestStack(files),
      attachTestStack(files),
      attachTestStack(files),
    ]);
    expect(new Set(stacks.map((stack) => JSON.stringify(stack))).size).toBe(1);
    await expect(kafkaServes(portOf(stacks[0]?.kafkaBrokers[0]))).resolves.toBe(true);
    expect(stacks[0]?.databaseUrl).toMatch(/^postgres:\/\/signalbox:signalbox@127\.0\.0\.1:\d+\/signalbox$/);
  });

  it('ends when told to, and is started anew by the next who asks', async () => {
    const before = readJsonFile<TestStackState>(files.statePath)!;
    await stopTestStack(files);
    expect(isRunning(before.host)).toBe(false);
    await expect(kafkaServes(portOf(before.kafkaBrokers[0]))).resolves.toBe(false);
    const after = await attachTestStack(files);
    await expect(kafkaServes(portOf(after.kafkaBrokers[0]))).resolves.toBe(true);
  });
});

describe('the users of a stack', () => {
  const dir = temporaryDir('users');
  afterAll(removeTemporaryDirs);

  it('are those that still run', () => {
    registerUser(dir, process.pid);
    writeJsonFile(join(dir, '1.json'), { pid: process.pid, started: 'ticks 1' });
    writeFileSync(join(dir, '2.json'), 'broken');
    expect(countUsers(dir)).toBe(1);
    expect(readdirSync(dir)).toEqual([`${process.pid}.json`]);
    expect(readJsonFile(join(dir, `${process.pid}.json`))).toEqual(identifyProcess(process.pid));
  });
});
