import { inheritedEnvironment } from '@signalbox/config';
import { HttpReceiver } from '@signalbox/test-kit';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sourceProgram } from '../test/program.js';

interface LogLine {
  readonly msg: string;
  readonly url?: string;
  readonly pid?: number;
}

/** The app as a process of its own, from source, and its log. */
function start(environment: Record<string, string | undefined>) {
  const args = [...(sourceProgram.options?.execArgv ?? []), join(__dirname, 'main.ts')];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: inheritedEnvironment(environment),
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  return { child, exited, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function lineWith(lines: AsyncIterator<string>, text: string): Promise<LogLine> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the log ended without '${text}'`);
    const line = JSON.parse(value) as LogLine;
    if (line.msg.includes(text)) return line;
  }
}

const settings = { PORT: '0', GATEWAY_URL: 'http://127.0.0.1:9', WEBHOOK_SECRET: 's3cret' };

it('runs until SIGTERM, then leaves neither itself nor its child behind', async () => {
  const { child, exited, lines } = start(settings);
  const { url, pid } = await lineWith(lines, 'is running');
  expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
});

it('ends with code 1 and the names of missing settings', async () => {
  const { exited, lines } = start({ ...settings, WEBHOOK_SECRET: undefined, GATEWAY_URL: 'gateway' });
  const { msg } = await lineWith(lines, 'Settings');
  expect(msg).toContain('WEBHOOK_SECRET: is required');
  expect(msg).toContain('GATEWAY_URL: must be an http or https URL');
  expect(await exited).toEqual([1, null]);
});

it('ends with code 1 when its port is taken', async () => {
  const other = await HttpReceiver.start(() => ({ status: 200 }));
  try {
    const { exited, lines } = start({ ...settings, PORT: String(other.port) });
    await lineWith(lines, 'EADDRINUSE');
    expect(await exited).toEqual([1, null]);
  } finally {
    await other.close();
  }
});
