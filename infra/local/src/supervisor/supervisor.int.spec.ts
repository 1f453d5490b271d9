import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { kafkaServes } from '../kafka/probe.js';
import { freePort } from '../net/ports.js';
import { isRunning } from '../process/identity.js';
import { runningSupervisor } from '../state/local-state.js';
import { stackSettings, type StackSettings } from '../state/stack-settings.js';
import { fixtureApp } from '../testing/fixture-app.js';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { waitUntil } from '../wait-until.js';
import { Supervisor } from './supervisor.js';

/** Starting a JVM on a busy machine takes its time. */
jest.setTimeout(180_000);

describe('the supervisor', () => {
  const supervisors: Supervisor[] = [];
  afterAll(async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    removeTemporaryDirs();
  });

  async function settingsIn(dir: string, env: Record<string, string> = {}): Promise<StackSettings> {
    mkdirSync(dir, { recursive: true });
    const [kafkaPort, kafkaControllerPort, postgresPort, appPort] = await Promise.all(
      Array.from({ length: 4 }, freePort),
    );
    const apps = [fixtureApp(dir, 'fixture', appPort ?? 0)];
    const localKafka = { brokers: [`127.0.0.1:${kafkaPort}`], clientId: 'signalbox' };
    const base = stackSettings({ WEBHOOK_SECRET: 'secret', ...env });
    return {
      ...base,
      dataDir: dir,
      localKafka,
      kafkaPort: kafkaPort ?? 0,
      kafkaControllerPort: kafkaControllerPort ?? 0,
      postgresPort: postgresPort ?? 0,
      apps,
    };
  }

  function supervisor(settings: StackSettings, notes: string[] = []): Supervisor {
    const made = new Supervisor(settings, {
      onEvent: (message) => notes.push(message),
      beforeApps: async ({ brokers }) => void notes.push(`topics on ${brokers.join()}`),
    });
    supervisors.push(made);
    return made;
  }

  const serviceOf = async (running: Supervisor, name: string) =>
    (await running.status()).services.find((service) => service.name === name)!;

  /** Waits until the service is ready under another process id than before. */
  const startedAgain = (running: Supervisor, name: string, pidBefore: number | undefined) =>
    waitUntil(async () => {
      const { ready, pid } = await serviceOf(running, name);
      return ready && pid !== undefined && pid !== pidBefore ? pid : undefined;
    }, 150_000);

  describe('with Kafka and PostgreSQL of its own', () => {
    const dir = temporaryDir('supervisor');
    const notes: string[] = [];
    let running: Supervisor;
    let settings: StackSettings;
    beforeAll(async () => {
      settings = await settingsIn(dir);
      running = supervisor(settings, notes);
      await running.start();
    });

    it('runs everything and says so', async () => {
      const { phase, services } = await running.status();
      expect(phase).toBe('ready');
      expect(services.map(({ name, phase: state, ready }) => [name, state, ready])).toEqual([
        ['kafka', 'running', true],
        ['postgres', 'running', true],
        ['fixture', 'running', true],
      ]);
      expect(notes).toContain(`topics on 127.0.0.1:${settings.kafkaPort}`);
      expect(runningSupervisor(dir)?.supervisor.pid).toBe(process.pid);
    });

    it('refuses a second one on the same folder', async () => {
      await expect(supervisor(await settingsIn(dir)).start()).rejects.toMatchObject({
        code: 'stack_unavailable',
        message: expect.stringContaining(`runs already (pid ${process.pid})`),
      });
      expect((await running.status()).phase).toBe('ready');
      expect(runningSupervisor(dir)?.supervisor.pid).toBe(process.pid);
    });

    it.each(['fixture', 'kafka', 'postgres'])('starts a killed %s again', async (name) => {
      const { pid } = await serviceOf(running, name);
      process.kill(pid!, 'SIGKILL');
      expect(await startedAgain(running, name, pid)).toBeDefined();
      expect((await serviceOf(running, name)).restarts).toBe(1);
    });

    it('stops apps before the stores, and leaves nothing', async () => {
      const pids = (await running.status()).services.map(({ pid }) => pid!);
      await running.stop();
      expect(readFileSync(join(dir, 'notes.txt'), 'utf8')).toBe('app stopped\n');
      expect(pids.every((pid) => !isRunning({ pid, started: 'any' }))).toBe(true);
      await expect(kafkaServes(settings.kafkaPort)).resolves.toBe(false);
      expect(runningSupervisor(dir)).toBeUndefined();
    });
  });

  describe('when a port is in use', () => {
    let stranger: Server;
    afterAll(() => stranger.close());

    it('names it and leaves nothing running', async () => {
      const dir = temporaryDir('busy');
      const settings = await settingsIn(dir);
      stranger = createServer().listen(settings.kafkaPort, '127.0.0.1');
      await once(stranger, 'listening');
      await expect(supervisor(settings).start()).rejects.toMatchObject({
        code: 'stack_unavailable',
        message: expect.stringContaining(
          `Port ${settings.kafkaPort}, wanted by Kafka, is in use by pid ${process.pid}`,
        ),
        action: expect.stringContaining('SIGNALBOX_KAFKA_PORT'),
      });
      expect(runningSupervisor(dir)).toBeUndefined();
      expect(existsSync(join(dir, 'postgres-data'))).toBe(false);
    });
  });

  describe('with Kafka and PostgreSQL named by settings', () => {
    it('uses those and starts none', async () => {
      const dir = temporaryDir('external');
      const databaseUrl = 'postgres://u:p@127.0.0.1:1/x';
      const settings = await settingsIn(dir, {
        KAFKA_BROKERS: '127.0.0.1:1,127.0.0.1:2',
        DATABASE_URL: databaseUrl,
      });
      const notes: string[] = [];
      const running = supervisor(settings, notes);
      await running.start();
      const answer = await fetch(`http://127.0.0.1:${settings.apps[0]!.port}/variables`);
      expect(await answer.json()).toEqual({
        KAFKA_BROKERS: '127.0.0.1:1,127.0.0.1:2',
        DATABASE_URL: databaseUrl,
      });
      expect(notes).toContain('topics on 127.0.0.1:1,127.0.0.1:2');
      expect((await running.status()).services.map(({ phase }) => phase)).toEqual([
        'external',
        'external',
        'running',
      ]);
      expect(existsSync(join(dir, 'kafka-data'))).toBe(false);
      expect(existsSync(join(dir, 'postgres-data'))).toBe(false);
      await running.stop();
    });
  });
});
