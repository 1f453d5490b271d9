import { sourceFlags } from '@signalbox/local-stack';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '@signalbox/test-kit';
import { watchLoop } from './loop-watch.js';

describe('watchLoop', () => {
  let child: ChildProcess;
  let lines: string[];
  let end: Promise<NodeJS.Signals | null>;

  beforeEach(async () => {
    lines = [];
    const entry = join(__dirname, '..', '..', 'test', 'stuck-process.ts');
    child = spawn(process.execPath, [...sourceFlags, entry], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => lines.push(line));
    // With all it wrote: an exit may be heard of before the last line.
    end = new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));
    await eventually(
      () => Promise.resolve(lines),
      (seen) => seen.includes('ready'),
      'the process',
    );
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await end;
  });

  it('ends a process whose event loop stands still, and says why', async () => {
    child.stdin?.write('go');
    expect(await end).toBe('SIGKILL');
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
      level: 'error',
      ms: 1_500,
      msg: 'The event loop is stuck; the process ends',
    });
  });

  it('does not take a process that was stopped for one that is stuck', async () => {
    child.kill('SIGSTOP');
    const untilMs = Date.now() + 4_000;
    await eventually(
      () => Promise.resolve(Date.now()),
      (now) => now > untilMs,
      'a longer stand-still',
    );
    child.kill('SIGCONT');
    const laterMs = Date.now() + 2_500;
    const gone = await Promise.race([
      end.then(() => true),
      eventually(
        () => Promise.resolve(Date.now()),
        (now) => now > laterMs,
        'time to judge',
      ).then(() => false),
    ]);
    expect(gone).toBe(false);
  });

  it('can be ended', async () => {
    await expect(watchLoop()()).resolves.toBeUndefined();
  });
});
