import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { waitUntil } from '../wait-until.js';
import { isRunning, type ProcessIdentity } from './identity.js';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { launch, stopLeftover, type LaunchOptions } from './managed-process.js';

const untilTold =
  'process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1e6)';
const neverEnds = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1e6)';

describe('a managed process', () => {
  const dir = temporaryDir('managed');
  afterAll(removeTemporaryDirs);

  const options = (name: string, script: string): LaunchOptions => ({
    name,
    command: process.execPath,
    args: ['-e', script],
    env: inheritedEnvironment(),
    cwd: dir,
    logPath: join(dir, `${name}.log`),
    recordPath: join(dir, `${name}.json`),
  });
  const saysUp = (name: string) =>
    waitUntil(
      () => (readFileSync(join(dir, `${name}.log`), 'utf8').includes('up') ? true : undefined),
      60_000,
    );

  it('ends at the stop signal and takes its record with it', async () => {
    const child = await launch(options('polite', untilTold));
    await saysUp('polite');
    expect(readJsonFile(join(dir, 'polite.json'))).toEqual(child.identity);
    await child.stop(10_000);
    await expect(child.exited).resolves.toEqual({ code: 7, signal: null });
    expect(readJsonFile(join(dir, 'polite.json'))).toBeUndefined();
  });

  it('is killed when it does not end in time', async () => {
    const child = await launch(options('stubborn', neverEnds));
    await saysUp('stubborn');
    await child.stop(200);
    await expect(child.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    expect(isRunning(child.identity)).toBe(false);
  });

  it('refuses a command that is not there', async () => {
    await expect(launch({ ...options('absent', ''), command: join(dir, 'absent') })).rejects.toMatchObject({
      code: 'stack_unavailable',
      message: expect.stringContaining('absent did not start'),
    });
  });

  it('is found and ended by a later start', async () => {
    const child = await launch(options('left', untilTold));
    await saysUp('left');
    await expect(stopLeftover(join(dir, 'left.json'), 10_000)).resolves.toBe(true);
    expect(isRunning(child.identity)).toBe(false);
  });

  it('leaves a stranger alone that got the process id of a dead one', async () => {
    const stranger = await launch(options('stranger', untilTold));
    await saysUp('stranger');
    const stale: ProcessIdentity = { pid: stranger.identity.pid, started: 'ticks 1' };
    const recordPath = join(dir, 'stale.json');
    writeJsonFile(recordPath, stale);
    await expect(stopLeftover(recordPath, 1_000)).resolves.toBe(false);
    expect(stranger.running).toBe(true);
    expect(readJsonFile(recordPath)).toBeUndefined();
    await stranger.stop(10_000);
  });
});
