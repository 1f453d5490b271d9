import { kafkaServes } from '../kafka/probe.js';
import { startKafka, type KafkaOptions } from '../kafka/kafka-server.js';
import { freePort } from '../net/ports.js';
import { storeDirs } from '../paths.js';
import { postgresReady } from '../postgres/postmaster-file.js';
import { startPostgres } from '../postgres/postgres-server.js';
import { isRunning } from '../process/identity.js';
import type { ManagedProcess } from '../process/managed-process.js';
import { kafkaTool } from '../testing/kafka-tool.js';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { waitUntil } from '../wait-until.js';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Starting a JVM on a busy machine takes its time. */
jest.setTimeout(180_000);
/** After it they are killed: a server that has much to write on a busy disk must not be. */
const stopMsMax = 60_000;
const refusedMsMax = 60_000;

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));

describe('Kafka and PostgreSQL of the local stack', () => {
  const dirs = storeDirs(temporaryDir('stores'));
  const running: ManagedProcess[] = [];
  afterAll(async () => {
    await Promise.all(running.map((child) => child.stop(stopMsMax)));
    removeTemporaryDirs();
  });
  const keep = (child: ManagedProcess): ManagedProcess => {
    running.push(child);
    return child;
  };

  describe('Kafka', () => {
    let options: KafkaOptions;
    const topics = () =>
      kafkaTool('org.apache.kafka.tools.TopicCommand', [
        '--bootstrap-server',
        `127.0.0.1:${options.port}`,
        '--list',
      ]);
    beforeAll(async () => {
      const [port, controllerPort] = await Promise.all([freePort(), freePort()]);
      options = { dirs, port, controllerPort };
    });

    it('keeps what it has taken when it is killed and started again', async () => {
      const first = keep(await startKafka(options));
      const server = ['--bootstrap-server', `127.0.0.1:${options.port}`];
      await kafkaTool('org.apache.kafka.tools.TopicCommand', [...server, '--create', '--topic', 'kept']);
      process.kill(first.identity.pid, 'SIGKILL');
      await first.exited;
      await expect(kafkaServes(options.port)).resolves.toBe(false);
      keep(await startKafka(options));
      expect((await topics()).split('\n')).toContain('kept');
    });

    it('replaces the broker of a supervisor that was killed', async () => {
      const left = running.at(-1)!;
      const said: string[] = [];
      const next = keep(await startKafka({ ...options, onProgress: (message) => said.push(message) }));
      expect(isRunning(left.identity)).toBe(false);
      expect(next.running).toBe(true);
      expect(said).toContain('stopped a Kafka left by an earlier run');
      expect((await topics()).split('\n')).toContain('kept');
    });

    it('tells what its log says when it cannot run', async () => {
      await running.at(-1)!.stop(stopMsMax);
      const broken = { ...options, controllerPort: options.port };
      await expect(startKafka(broken)).rejects.toMatchObject({
        code: 'stack_unavailable',
        message: expect.stringMatching(/Kafka ended by itself\. The end of .*kafka\.log:\n[^]*[Pp]ort/),
      });
    });
  });

  describe('PostgreSQL', () => {
    it('recovers when it was killed, with children that linger and a pid file that names a stranger', async () => {
      const port = await freePort();
      const first = keep(await startPostgres({ dirs, port }));
      expect(postgresReady(dirs.postgresDir, first.identity.pid)).toBe(true);
      const lingering = childrenOf(first.identity.pid)[0]!;
      process.kill(lingering, 'SIGSTOP');
      process.kill(first.identity.pid, 'SIGKILL');
      await first.exited;
      const pidFile = join(dirs.postgresDir, 'postmaster.pid');
      const rest = readFileSync(pidFile, 'utf8').split('\n').slice(1).join('\n');
      writeFileSync(pidFile, `${process.pid}\n${rest}`);
      const log = (): string => readFileSync(join(dirs.logsDir, 'postgres.log'), 'utf8');
      const starting = startPostgres({ dirs, port });
      const wasRefused = () => log().includes('pre-existing shared memory block') || undefined;
      await waitUntil(wasRefused, refusedMsMax).finally(() => process.kill(lingering, 'SIGCONT'));
      const second = keep(await starting);
      expect(postgresReady(dirs.postgresDir, second.identity.pid)).toBe(true);
      expect(log()).toContain('database system was not properly shut down');
    });

    it('stops with a clean end', async () => {
      await running.at(-1)!.stop(stopMsMax);
      expect(existsSync(join(dirs.postgresDir, 'postmaster.pid'))).toBe(false);
    });

    it('tells what its log says when it cannot run', async () => {
      appendFileSync(join(dirs.postgresDir, 'postgresql.conf'), 'no_such_setting = 1\n');
      await expect(startPostgres({ dirs, port: await freePort() })).rejects.toMatchObject({
        code: 'stack_unavailable',
        message: expect.stringContaining('no_such_setting'),
      });
    });
  });
});
