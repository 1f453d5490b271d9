import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SideProcess } from './side-process.js';

describe('a process of a side', () => {
  const dir = mkdtempSync(join(tmpdir(), 'side-'));
  const script = (name: string, text: string): string => {
    const path = join(dir, `${name}.cjs`);
    writeFileSync(path, text);
    return path;
  };
  afterAll(() => rmSync(dir, { recursive: true }));

  it('answers, and is charged for its own CPU time', async () => {
    const busy = script(
      'busy',
      `process.on('message', ({ ms }) => {
         const end = process.cpuUsage().user + ms * 1000;
         while (process.cpuUsage().user < end);
         process.send({ kind: 'done', name: process.env.NAME });
       });`,
    );
    const side = SideProcess.start('busy', busy, { NAME: 'x' });
    const before = side.cpuSeconds();
    await expect(side.ask({ ms: 300 }, 'done')).resolves.toEqual({ kind: 'done', name: 'x' });
    expect(side.cpuSeconds() - before).toBeGreaterThanOrEqual(0.28);
    expect(side.rssMb()).toBeGreaterThan(10);
    await side.stop();
    await side.stop();
  });

  it('that ends instead of answering fails the bench with what it wrote last', async () => {
    const broken = script('broken', `process.stderr.write('no such topic', () => process.exit(3));`);
    const side = SideProcess.start('broken', broken, {});
    await expect(side.message('ready')).rejects.toThrow(/broken ended \(code 3\): no such topic/);
    await side.stop();
  });
});
