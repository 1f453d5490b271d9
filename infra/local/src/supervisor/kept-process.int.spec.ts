import { join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { isRunning } from '../process/identity.js';
import { launch, type ManagedProcess } from '../process/managed-process.js';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { waitUntil } from '../wait-until.js';
import { KeptProcess } from './kept-process.js';

describe('a process that is kept', () => {
  const dir = temporaryDir('kept');
  const events: string[] = [];
  const launched: ManagedProcess[] = [];
  afterAll(removeTemporaryDirs);

  function kept(name: string, before: () => Promise<void> = () => Promise.resolve()): KeptProcess {
    const recordPath = join(dir, `${name}.json`);
    const start = async (): Promise<ManagedProcess> => {
      await before();
      const child = await launch({
        name,
        command: process.execPath,
        args: ['-e', 'setInterval(() => {}, 1e6)'],
        env: inheritedEnvironment(),
        cwd: dir,
        logPath: join(dir, `${name}.log`),
        recordPath,
      });
      launched.push(child);
      return child;
    };
    return new KeptProcess({
      name,
      start,
      recordPath,
      stopGraceMs: 10_000,
      onEvent: (text) => events.push(text),
    });
  }

  it('is started again when it was killed, and not when it was stopped', async () => {
    const process1 = kept('again');
    await process1.start();
    const first = process1.pid!;
    process.kill(first, 'SIGKILL');
    const next = await waitUntil(
      () => (process1.pid !== undefined && process1.pid !== first ? process1.pid : undefined),
      60_000,
    );
    expect(next).toBeDefined();
    expect(events).toContain('again was ended by SIGKILL; starting it again in 0.5 s');
    await process1.stop();
    expect([process1.phase, process1.pid, process1.restarts]).toEqual(['stopped', undefined, 1]);
    expect(launched).toHaveLength(2);
  });

  it('leaves nothing when it is stopped while it starts', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let enter: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    const starting = kept('early', () => (enter(), gate));
    const started = starting.start();
    await entered;
    const before = launched.length;
    const stopped = starting.stop();
    open();
    await expect(started).rejects.toMatchObject({ code: 'stack_unavailable' });
    await stopped;
    expect(starting.phase).toBe('stopped');
    expect(launched).toHaveLength(before + 1);
    expect(isRunning(launched.at(-1)!.identity)).toBe(false);
  });

  it('tells of a first start that fails, and keeps nothing', async () => {
    const failing = kept('failing', () => Promise.reject(new Error('no port')));
    await expect(failing.start()).rejects.toThrow('no port');
    expect(failing.phase).toBe('stopped');
    await failing.stop();
  });
});
