import { appendFileSync, closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { boundLog } from './bounded-log.js';
import { logTail } from './log-tail.js';

describe('a bounded log', () => {
  const dir = temporaryDir('log');
  afterAll(removeTemporaryDirs);

  it('is left alone up to its limit', () => {
    const path = join(dir, 'short.log');
    writeFileSync(path, 'x'.repeat(100));
    expect(boundLog(path, 100)).toBe(false);
    expect(readFileSync(path, 'utf8')).toHaveLength(100);
  });

  it('is cut beyond it while its writer goes on', () => {
    const path = join(dir, 'long.log');
    const writer = openSync(path, 'a');
    writeSync(writer, 'first\n'.repeat(50));
    expect(boundLog(path, 100)).toBe(true);
    writeSync(writer, 'second\n');
    closeSync(writer);
    expect(readFileSync(path, 'utf8')).toBe('second\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('first\n'.repeat(50));
  });

  it('may be missing', () => {
    expect(boundLog(join(dir, 'none.log'))).toBe(false);
    expect(logTail(join(dir, 'none.log'))).toBe('(no log)');
  });

  it('shows its end in messages', () => {
    const path = join(dir, 'tail.log');
    appendFileSync(path, `${'a'.repeat(5_000)}\nthe end\n`);
    expect(logTail(path)).toHaveLength(1_999);
    expect(logTail(path)).toMatch(/\nthe end$/);
  });
});
