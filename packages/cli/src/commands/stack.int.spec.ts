import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import {
  freePort,
  isRunning,
  readJsonFile,
  repositoryDir,
  runningSupervisor,
  sourceFlags,
  waitUntil,
} from '@signalbox/local-stack';
import { lastLines } from './logs.js';

const appSource = `
require('node:http')
  .createServer((request, response) => response.end('ready'))
  .listen(Number(process.env.PORT), process.env.HOST, () => console.log('the fixture listens'));
process.on('SIGTERM', () => process.exit(0));
`;

/** Starting a JVM on a busy machine takes its time. */
jest.setTimeout(300_000);
const patienceMs = 150_000;

describe('up, status, logs, dev and down', () => {
  let dir: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    mkdirSync(join(repositoryDir, '.signalbox'), { recursive: true });
    dir = mkdtempSync(join(repositoryDir, '.signalbox', 'cli-test-'));
    // PostgreSQL's own account must be able to enter it.
    chmodSync(dir, 0o755);
    for (const folder of ['dist', 'src']) mkdirSync(join(dir, 'fixture', folder), { recursive: true });
    writeFileSync(join(dir, 'fixture', 'dist', 'main.js'), appSource);
    writeFileSync(join(dir, 'fixture', 'src', 'main.ts'), appSource.replace('the fixture', 'the source'));
    const [kafka, controller, postgres, port] = await Promise.all(Array.from({ length: 4 }, freePort));
    const fixture = {
      name: 'fixture',
      summary: 'an app of a test',
      workspace: relative(repositoryDir, join(dir, 'fixture')),
      agent: 'fixture',
      port,
      healthPath: '/health/ready',
      needs: ['kafka'],
      environment: {},
    };
    writeFileSync(join(dir, 'apps.json'), JSON.stringify({ $comment: '', apps: [fixture] }));
    env = {
      SIGNALBOX_DATA_DIR: dir,
      SIGNALBOX_APP_LIST: join(dir, 'apps.json'),
      SIGNALBOX_KAFKA_PORT: String(kafka),
      SIGNALBOX_KAFKA_CONTROLLER_PORT: String(controller),
      SIGNALBOX_POSTGRES_PORT: String(postgres),
    };
  });
  afterAll(async () => {
    await signalbox('down');
    rmSync(dir, { recursive: true, force: true });
  });

  function start(...args: string[]) {
    const entry = [...sourceFlags, join(repositoryDir, 'packages', 'cli', 'src', 'run.ts')];
    const child = spawn(process.execPath, [...entry, ...args], {
      env: inheritedEnvironment(env),
      stdio: 'pipe',
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (written.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (written.stderr += String(chunk)));
    return { child, written };
  }

  async function signalbox(...args: string[]) {
    const { child, written } = start(...args);
    const [code] = (await once(child, 'close')) as [number];
    return { code, ...written };
  }

  const supervisorPid = (): number => runningSupervisor(dir)!.supervisor.pid;
  const fixture = async () => {
    const { stdout } = await signalbox('status', '--json');
    return (
      JSON.parse(stdout) as { services: { name: string; phase: string; ready: boolean }[] }
    ).services.at(-1)!;
  };

  it('says so when nothing runs', async () => {
    const { code, stdout } = await signalbox('status');
    expect([code, stdout]).toEqual([1, expect.stringContaining('Nothing runs')]);
    await expect(signalbox('down', '--json')).resolves.toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"stopped": false'),
    });
    await expect(signalbox('topics', 'list')).resolves.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/stack_unavailable.*not running[^]*npm start/),
    });
  });

  it('names the process on a port it needs, and starts nothing', async () => {
    const stranger = createServer().listen(Number(env['SIGNALBOX_POSTGRES_PORT']), '127.0.0.1');
    await once(stranger, 'listening');
    const { code, stderr } = await signalbox('up', '--detach');
    stranger.close();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Port ${env['SIGNALBOX_POSTGRES_PORT']}, wanted by PostgreSQL, is in use by pid ${process.pid}`,
    );
    expect(stderr).toContain('SIGNALBOX_POSTGRES_PORT=<port>');
    expect(runningSupervisor(dir)).toBeUndefined();
  });

  it('starts everything, leaves it running and shows it', async () => {
    const { code, stdout, stderr } = await signalbox('up', '--detach');
    expect([code, stderr]).toEqual([0, expect.stringContaining('fixture is ready')]);
    expect(stdout).toMatch(/Signalbox is running\.[^]*fixture +ready +http:[^]*Try next:/);
    await expect(signalbox('status')).resolves.toMatchObject({ code: 0 });
    expect(readJsonFile<{ webhookSecret: string }>(join(dir, 'secrets.json'))?.webhookSecret).toMatch(
      /^[0-9a-f]{64}$/,
    );
  });

  it('starts nothing twice', async () => {
    const pid = supervisorPid();
    const { code, stderr } = await signalbox('up', '--detach');
    expect([code, stderr]).toEqual([0, expect.stringContaining(`runs already (pid ${pid})`)]);
    expect(supervisorPid()).toBe(pid);
  });

  it('has made the topics of the catalogue and of the agents', async () => {
    const { stdout } = await signalbox('topics', 'list', '--json');
    const topics = JSON.parse(stdout) as string[];
    expect(topics).toEqual(
      expect.arrayContaining(['service_down', 'user.signed_up', 'fixture.dlq', 'fixture.retry.10m']),
    );
    await expect(signalbox('topics', 'apply')).resolves.toMatchObject({
      code: 0,
      stdout: 'Every topic is as it should be.\n',
    });
  });

  it('shows what an app wrote, and goes on until it is told to stop', async () => {
    await expect(signalbox('logs', 'fixture')).resolves.toMatchObject({
      code: 0,
      stdout: 'the fixture listens\n',
    });
    const { child, written } = start('logs', 'fixture', '-f');
    const shows = (text: string) =>
      waitUntil(() => (written.stdout.includes(text) ? true : undefined), patienceMs);
    expect(await shows('the fixture listens')).toBe(true);
    writeFileSync(join(dir, 'logs', 'fixture.log'), 'one more\n', { flag: 'a' });
    expect(await shows('one more')).toBe(true);
    child.kill('SIGINT');
    await expect(once(child, 'close')).resolves.toEqual([0, null]);
  });

  it('lends an app to be run from source, and takes it back', async () => {
    const { child, written } = start('dev', 'fixture');
    expect(
      await waitUntil(() => (written.stdout.includes('the source listens') ? true : undefined), patienceMs),
    ).toBe(true);
    expect(await fixture()).toMatchObject({ phase: 'held', ready: true });
    child.kill('SIGINT');
    await once(child, 'close');
    expect(written.stderr).toContain('fixture is run by the stack again');
    expect(await waitUntil(async () => ((await fixture()).ready ? 'ready' : undefined), patienceMs)).toBe(
      'ready',
    );
    expect((await fixture()).phase).toBe('running');
  });

  it('clears away after a kill -9 and starts again', async () => {
    const { supervisor } = runningSupervisor(dir)!;
    const left = readJsonFile<{ pid: number; started: string }>(join(dir, 'run', 'kafka.json'))!;
    process.kill(supervisor.pid, 'SIGKILL');
    await waitUntil(() => (isRunning(supervisor) ? undefined : true), patienceMs);
    expect(isRunning(left)).toBe(true);
    await expect(signalbox('status')).resolves.toMatchObject({ code: 1 });
    const { code, stderr } = await signalbox('up', '--detach');
    expect([code, stderr]).toEqual([0, expect.stringContaining('stopped fixture, left by an earlier run')]);
    expect(isRunning(left)).toBe(false);
  });

  it('ends everything', async () => {
    const { supervisor } = runningSupervisor(dir)!;
    const kafka = readJsonFile<{ pid: number; started: string }>(join(dir, 'run', 'kafka.json'))!;
    await expect(signalbox('down')).resolves.toMatchObject({ code: 0, stdout: 'Stopped.\n' });
    expect([isRunning(supervisor), isRunning(kafka)]).toEqual([false, false]);
  });

  it('ends in order at Ctrl-C', async () => {
    const { child, written } = start('up');
    await waitUntil(() => (written.stdout.includes('Signalbox is running.') ? true : undefined), patienceMs);
    const kafka = readJsonFile<{ pid: number; started: string }>(join(dir, 'run', 'kafka.json'))!;
    child.kill('SIGINT');
    await expect(once(child, 'close')).resolves.toEqual([0, null]);
    expect(written.stderr).toMatch(/Stopping\nStopped\n$/);
    expect(isRunning(kafka)).toBe(false);
    expect(readFileSync(join(dir, 'logs', 'fixture.log'), 'utf8')).toContain('the fixture listens');
  });
});

describe('the last lines of a log', () => {
  it.each([
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb', 5, 'a\nb\n'],
    ['a\n', 0, ''],
    ['', 3, ''],
  ])('of %j, %d', (text, count, expected) => {
    expect(lastLines(text, count)).toBe(expected);
  });
});
