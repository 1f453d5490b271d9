import { emailRequested } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { appEntry, benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { atMost, type Measured, type Ratio, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { lost, World } from '../harness/world.js';
import type { Probed, ProbeWebhooks } from '../load/latency-protocol.js';
import { gatewaySecret, startGatewayProcess } from './gateway.js';

const partitions = 2;
const rounds = 5;
/** An offered load nothing here can serve: what is answered then is the most. */
const overloadPerSecond = 20_000;
/** Sent before anything is measured: at 50/s, compilers would still warm up when the bench is over. */
const warmUpCount = 5_000;

interface Way {
  readonly name: string;
  readonly role: 'ours' | 'baseline';
  readonly probe: SideProcess;
  /** Processes whose CPU counts. */
  readonly processes: readonly SideProcess[];
  readonly world: World;
  readonly to: Pick<ProbeWebhooks, 'webhooks' | 'inTopic'>;
}

/**
 * From a webhook's sending to the email request that follows, read from Kafka: gateway, `user.signed_up`,
 * agent-welcome, `email.requested`. Beside it two raw produce-and-consume round trips.
 */
export async function latencyBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  let ways: readonly Way[] = [];
  try {
    ways = await Promise.all([startOurs(stack), startEcho(stack)]);
    const [ours] = ways as [Way, Way];
    const next = counter();
    for (const way of ways) await measure(way, overloadPerSecond, warmUpCount, next);
    const most = await measure(ours, overloadPerSecond, quick ? 2_000 : 10_000, next);
    const half = Math.round(most.events / most.seconds / 2);
    const sides: SideResult[] = [];
    const ratios: Ratio[] = [];
    const rates = [50, 500, half];
    for (const [at, rate] of rates.entries()) {
      const count = quick ? Math.min(rate, 1_500) : rate * 10;
      const compared = ways.map((way): Side => ({
        name: `${way.name} at ${rate}/s`,
        role: way.role,
        run: () => measure(way, rate, count, next),
      }));
      const results = await interleave(compared, { rounds, timeShare: 1 / (rates.length - at) });
      sides.push(...results);
      ratios.push(...compare(rate, results));
    }
    return {
      size: { quick, partitions, rounds, seconds: quick ? 1 : 10, halfOfMaximum: half },
      sides,
      ratios,
    };
  } finally {
    await Promise.all(ways.flatMap(({ probe, processes }) => [probe, ...processes]).map((one) => one.stop()));
    await Promise.all(ways.map(({ world }) => world.close()));
  }
}

function compare(rate: number, [ours, raw]: SideResult[]): Ratio[] {
  return ['p50Ms', 'p99Ms'].map((name) =>
    atMost(
      `${name} at ${rate}/s: ours / two raw round trips`,
      (ours?.more[name] ?? NaN) / (raw?.more[name] ?? NaN),
      3,
    ),
  );
}

const counter = (): ((count: number) => number) => {
  let next = 0;
  return (count) => (next += count) - count;
};

async function measure(
  way: Way,
  ratePerSecond: number,
  count: number,
  next: (n: number) => number,
): Promise<Sample> {
  const cpu = (): number => way.processes.reduce((sum, one) => sum + one.cpuSeconds(), 0);
  const cpuBefore = cpu();
  const order: ProbeWebhooks = { kind: 'probe', ratePerSecond, from: next(count), count, ...way.to };
  const { answered, seconds, p50Ms, p99Ms } = await way.probe.ask<Probed>(order, 'probed');
  if (answered !== count) throw lost(way.name, count, answered);
  return { events: count, seconds, cpuSeconds: cpu() - cpuBefore, more: { p50Ms, p99Ms } };
}

async function startProbe(world: World, topic: string): Promise<SideProcess> {
  const probe = SideProcess.start('probe', benchEntry('load/latency-load'), {});
  const { brokers } = world.connection;
  await probe.ask({ kind: 'listen', brokers, topic: `${world.name}.${topic}` }, 'listening');
  return probe;
}

async function startOurs(stack: BenchStack): Promise<Way> {
  const world = await World.open(stack, 'latency-ours', { agents: ['welcome'], partitions });
  const gateway = await startGatewayProcess(world);
  const port = String(await freePort());
  const environment = world.environment({ PORT: port });
  const agent = SideProcess.start('welcome', appEntry('agent-welcome'), environment, profileFlags('welcome'));
  await agent.ready(`http://127.0.0.1:${port}/health/ready`);
  const probe = await startProbe(world, emailRequested.topic);
  const webhooks = { port: gateway.port, path: '/events', secret: gatewaySecret };
  return {
    name: 'gateway and agent-welcome',
    role: 'ours',
    probe,
    processes: [gateway.process, agent],
    world,
    to: { webhooks },
  };
}

async function startEcho(stack: BenchStack): Promise<Way> {
  const world = await World.open(stack, 'latency-echo', { topics: ['in', 'out'], partitions });
  const echo = SideProcess.start('echo', benchEntry('rivals/echo'), world.environment());
  await echo.message('ready');
  const probe = await startProbe(world, 'out');
  return {
    name: 'two raw kafkajs round trips',
    role: 'baseline',
    probe,
    processes: [echo],
    world,
    to: { inTopic: `${world.name}.in` },
  };
}
