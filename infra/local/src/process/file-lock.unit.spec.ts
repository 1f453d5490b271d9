import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { withFileLock } from './file-lock.js';
import { identifyProcess } from './identity.js';

describe('a file lock', () => {
  const dir = temporaryDir('lock');
  afterAll(removeTemporaryDirs);

  it('lets one in at a time', async () => {
    const path = join(dir, 'one.lock');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(path, 10_000, work)));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over from a holder that has died', async () => {
    const path = join(dir, 'dead.lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'ticks 1' }));
    await expect(withFileLock(path, 1_000, () => Promise.resolve('mine'))).resolves.toBe('mine');
  });

  it('is given back when the work fails', async () => {
    const path = join(dir, 'failing.lock');
    await expect(withFileLock(path, 1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('names the holder that does not give it back', async () => {
    const path = join(dir, 'held.lock');
    writeFileSync(path, JSON.stringify(identifyProcess(process.pid)));
    await expect(withFileLock(path, 100, () => Promise.resolve())).rejects.toMatchObject({
      code: 'stack_unavailable',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
  });
});
