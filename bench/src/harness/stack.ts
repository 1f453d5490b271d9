import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { progress } from './output.js';
import { repositoryDir } from './paths.js';

/** A real Kafka and a real PostgreSQL (fsync on) for one run of a bench, with empty stores, nobody else's. */
export interface BenchStack {
  readonly brokers: readonly string[];
  /** Admin URL: its user may create databases. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

export async function startStack(): Promise<BenchStack> {
  const entry = join(repositoryDir, 'infra', 'local', 'dist', 'test-stack', 'hold.js');
  const dir = join(repositoryDir, '.signalbox', 'bench', String(process.pid));
  // It ends with our standard input, so also when this process is killed.
  const holder = spawn(process.execPath, [entry, dir], {
    cwd: repositoryDir,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: inheritedEnvironment({ NODE_OPTIONS: undefined }),
  });
  const ended = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  const line = new Promise<string>((resolve) =>
    createInterface({ input: holder.stdout }).once('line', resolve),
  );
  const startedMs = performance.now();
  const first = await Promise.race([line, ended.then(() => undefined)]);
  if (first === undefined)
    throw new SignalboxError(
      'stack_unavailable',
      'The stack of the bench did not start; the lines above say why.',
    );
  progress(`  Kafka and PostgreSQL: ready after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  const { kafkaBrokers, databaseUrl } = JSON.parse(first) as { kafkaBrokers: string[]; databaseUrl: string };
  return {
    brokers: kafkaBrokers,
    databaseUrl,
    async stop() {
      holder.stdin.end();
      await ended;
    },
  };
}
