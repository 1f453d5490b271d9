import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { root } from '../support/repository.js';

/** Spec files as somebody might write them; each leaves what its name says. */
const fixtures = {
  nothing: `test('closes', (done) => { const s = require('node:net').createServer().listen(0, () => s.close(done)); });`,
  server: `test('listens', (done) => { require('node:net').createServer().listen(0, done); });`,
  timer: `test('ticks', () => { setInterval(() => undefined, 1000); });`,
  process: `test('starts', () => { require('node:child_process').spawn('sleep', ['60']); });`,
  connection: `test('connects', (done) => {
    const { createServer, connect } = require('node:net');
    const server = createServer().listen(0, () => connect(server.address().port, () => server.close() && done()));
  });`,
};

interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

describe('a spec file that leaves something open', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'signalbox-leaks-'));
    const preset = JSON.stringify(join(root, 'jest.preset.cjs'));
    const own = `{ rootDir: __dirname, testMatch: ['**/*.fixture.cjs'], transform: {} }`;
    writeFileSync(join(dir, 'jest.config.cjs'), `module.exports = { ...require(${preset}), ...${own} };`);
    for (const [name, text] of Object.entries(fixtures))
      writeFileSync(join(dir, `${name}.fixture.cjs`), text);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const run = (name: string): Promise<Outcome> =>
    new Promise((resolve) => {
      const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
      // Ended from outside: a leak keeps the run alive, which is what the check is for.
      const child = spawn(process.execPath, [jest, '-i', '--forceExit', name], {
        cwd: dir,
        env: inheritedEnvironment(),
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => (said += String(chunk)));
      child.once('close', (code) => resolve({ code, said }));
    });

  it('fails and says what it is', async () => {
    const [nothing, server, timer, process_, connection] = await Promise.all(Object.keys(fixtures).map(run));
    expect(nothing).toMatchObject({ code: 0, said: expect.stringContaining('1 passed') });
    expect(server).toMatchObject({
      code: 1,
      said: expect.stringMatching(/left open:\s+- server on port \d+/),
    });
    expect(timer).toMatchObject({ code: 1, said: expect.stringContaining('- 1 timer(s)') });
    expect(process_).toMatchObject({ code: 1, said: expect.stringMatching(/- process \d+: sleep 60/) });
    expect(connection).toMatchObject({ code: 1, said: expect.stringMatching(/- connection to .+:\d+/) });
  });
});
