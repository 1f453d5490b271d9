import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceProgram } from '../../test/program.js';
import { PaymentChild } from './payment-child.js';

let child: PaymentChild;
afterEach(() => child.stop());

it('is stopped before its first start', async () => {
  child = new PaymentChild(sourceProgram);
  expect(child.status).toEqual({ state: 'stopped', pid: null, starts: 0, startedAt: null });
  expect(child.port).toBeUndefined();
  await child.break('kill');
  await child.break('hang');
});

it('runs, is killed, and runs again as another process', async () => {
  child = new PaymentChild(sourceProgram);
  await child.restart();
  const { pid } = child.status;
  expect(child.status).toMatchObject({ state: 'running', starts: 1 });
  expect(child.port).toBeGreaterThan(0);
  await child.break('kill');
  expect(child.status).toMatchObject({ state: 'stopped', pid: null, starts: 1 });
  expect(child.port).toBeUndefined();
  await child.restart();
  expect(child.status).toMatchObject({ state: 'running', starts: 2 });
  expect(child.status.pid).not.toBe(pid);
});

describe('a program that does not work', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'payment-child-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('fails the start when it ends at once, and a later start may work', async () => {
    const path = join(folder, 'program.cjs');
    writeFileSync(path, 'process.exit(3)');
    child = new PaymentChild({ path, options: { execArgv: [] } });
    await expect(child.restart()).rejects.toThrow('ended before it listened');
    expect(child.status.state).toBe('stopped');
    writeFileSync(path, 'process.send({ port: 4711 }); process.on("disconnect", () => process.exit())');
    await child.restart();
    expect(child.port).toBe(4711);
  });
});
