import { remediationCompleted, remediationRequested } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { Receivers } from '../harness/receivers.js';
import { atLeast, atMost, type Measured, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { quantile } from '../harness/stats.js';
import { lost, World } from '../harness/world.js';
import { answerMs, destinationCount, destinationOf, hangingDestination } from '../load/calls.js';
import type { SentRequests } from '../load/requests-protocol.js';

const partitions = 4;
const answeredMsMax = 120_000;

const sizes = (quick: boolean) =>
  quick
    ? { requests: 800, serialMs: 2_600, rounds: 5, delayRounds: 5, perSecond: 100, delayRequests: 300 }
    : { requests: 10_000, serialMs: 10_000, rounds: 5, delayRounds: 5, perSecond: 100, delayRequests: 2_000 };
type Size = ReturnType<typeof sizes>;

/** Requests that reach nobody else's numbers. */
const numbersFrom = { ours: 0, calm: 10_000_000, memory: 20_000_000, serial: 30_000_000 } as const;

/**
 * Ten destinations that answer after 50 ms, of which one never does. Rate: calls to the nine others, from the first
 * request until the last is answered; the one-after-another rival is watched for a few seconds instead. Start delay: from
 * publishing a request until its call reaches the receiver, at a steady rate, with and without the hanging one.
 */
export async function connectorBench(
  openStack: () => Promise<BenchStack>,
  quick: boolean,
): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const started = new Started();
  try {
    const receivers = started.process(await Receivers.start());
    const load = started.process(SideProcess.start('load', benchEntry('load/requests-load'), {}));
    const bench: Bench = { stack, size, receivers, load, started };
    const [beside, calm, ...rivals] = await Promise.all([
      Caller.start(bench, 'connector-ours', numbersFrom.ours, true),
      Caller.start(bench, 'connector-calm', numbersFrom.calm, false),
      serial(bench),
      memory(bench),
    ]);
    const sides = [beside.rate(), ...rivals];
    const [ours, naive, ceiling] = (await interleave(sides, { rounds: size.rounds, timeShare: 0.6 })) as [
      SideResult,
      SideResult,
      SideResult,
    ];
    const delaySides = [beside.startDelay(), calm.startDelay()];
    const [hanging, healthy] = (await interleave(delaySides, { rounds: size.delayRounds })) as [
      SideResult,
      SideResult,
    ];
    const p99 = ({ more }: SideResult): number => more['startP99Ms'] ?? NaN;
    return {
      size: { quick, partitions, destinations: destinationCount, answerMs, ...size },
      sides: [ours, naive, ceiling, hanging, healthy],
      ratios: [
        atLeast('rate: ours / one call after another', ours.perSecond / naive.perSecond, 10),
        atLeast('rate: ours / the same calls from memory', ours.perSecond / ceiling.perSecond, 0.5),
        atMost('start delay p99: one hanging / none hanging', p99(hanging) / p99(healthy), 1.25),
      ],
    };
  } finally {
    await started.end();
  }
}

interface Bench {
  readonly stack: BenchStack;
  readonly size: Size;
  readonly receivers: Receivers;
  readonly load: SideProcess;
  readonly started: Started;
}

/** The requests of a stretch that somebody answers. */
const healthyIds = (from: number, count: number, isOneHanging: boolean): string[] =>
  Array.from({ length: count }, (_none, at) => from + at)
    .filter((n) => destinationOf(n, isOneHanging) !== hangingDestination)
    .map((n) => `request-${n}`);

/** Our connector, in a world of its own. */
class Caller {
  private constructor(
    private readonly bench: Bench,
    private readonly world: World,
    private readonly process: SideProcess,
    private next: number,
    private readonly isOneHanging: boolean,
  ) {}

  static async start(bench: Bench, name: string, from: number, isOneHanging: boolean): Promise<Caller> {
    const { stack, started } = bench;
    const world = started.world(await World.open(stack, name, { agents: ['caller'], partitions }));
    const port = String(await freePort());
    const settings = world.environment({ PORT: port, RECEIVER_URL: bench.receivers.url });
    const entry = benchEntry('agents/caller');
    const process = started.process(
      SideProcess.start('caller', entry, settings, profileFlags(isOneHanging ? 'caller' : 'caller-calm')),
    );
    await process.ready(`http://127.0.0.1:${port}/health/ready`);
    return new Caller(bench, world, process, from, isOneHanging);
  }

  rate(): Side {
    return { name: 'a connector of the kit', role: 'ours', run: () => this.run(this.bench.size.requests) };
  }

  startDelay(): Side {
    const { perSecond, delayRequests } = this.bench.size;
    const name = this.isOneHanging ? 'at a steady rate, one hanging' : 'at a steady rate, none hanging';
    const role = this.isOneHanging ? 'ours' : 'baseline';
    return { name, role, run: () => this.run(delayRequests, perSecond) };
  }

  private async run(count: number, perSecond?: number): Promise<Sample> {
    const { load, receivers } = this.bench;
    const from = this.next;
    this.next += count;
    const ids = healthyIds(from, count, this.isOneHanging);
    const cpuBefore = this.process.cpuSeconds();
    const startedMs = performance.now();
    const [, endedMs] = await Promise.all([
      send(load, this.world, { from, count, isOneHanging: this.isOneHanging, perSecond }),
      receivers.answered(this.world.name, ids, answeredMsMax),
    ]);
    const cpuSeconds = this.process.cpuSeconds() - cpuBefore;
    const delays = receivers.startDelaysMs(ids);
    const more = { startP50Ms: quantile(delays, 0.5), startP99Ms: quantile(delays, 0.99) };
    return { events: ids.length, seconds: (endedMs - startedMs) / 1_000, cpuSeconds, more };
  }
}

interface Stretch {
  readonly from: number;
  readonly count: number;
  readonly isOneHanging: boolean;
  readonly perSecond?: number | undefined;
}

async function send(load: SideProcess, world: World, stretch: Stretch): Promise<void> {
  const { brokers } = world.connection;
  const order = { kind: 'requests', brokers, namespace: world.name, ...stretch };
  const { acknowledged } = await load.ask<SentRequests>(order, 'sent');
  if (acknowledged !== stretch.count) throw lost('requests acknowledged', stretch.count, acknowledged);
}

/** Works through a backlog as it can; each round watches it for a while. */
async function serial(bench: Bench): Promise<Side> {
  const { stack, size, receivers, load, started } = bench;
  const topics = [remediationRequested.topic, remediationCompleted.topic];
  const world = started.world(await World.open(stack, 'connector-serial', { topics, partitions }));
  const from = numbersFrom.serial;
  await send(load, world, { from, count: size.requests, isOneHanging: true });
  const ids = healthyIds(from, size.requests, true);
  const settings = world.environment({ RECEIVER_URL: receivers.url });
  const process = started.process(
    SideProcess.start('calls-serial', benchEntry('rivals/calls-serial'), settings),
  );
  await process.message('ready');
  const run = async (round: number): Promise<Sample> => {
    const before = await receivers.count(ids);
    const cpuBefore = process.cpuSeconds();
    const startedMs = performance.now();
    // It warms up by going on: it never stops.
    await delay(round === 0 ? 0 : size.serialMs);
    const seconds = (performance.now() - startedMs) / 1_000;
    const events = (await receivers.count(ids)) - before;
    return { events, seconds, cpuSeconds: process.cpuSeconds() - cpuBefore };
  };
  return { name: 'kafkajs, one call after another', role: 'rival', run };
}

async function memory({ size, receivers, started }: Bench): Promise<Side> {
  const process = started.process(SideProcess.start('calls-memory', benchEntry('rivals/calls-memory'), {}));
  await process.message('ready');
  let next: number = numbersFrom.memory;
  const run = async (): Promise<Sample> => {
    const from = next;
    next += size.requests;
    const ids = healthyIds(from, size.requests, true);
    const cpuBefore = process.cpuSeconds();
    const startedMs = performance.now();
    process.tell({ kind: 'calls', url: receivers.url, from, count: size.requests });
    const endedMs = await receivers.answered('calls from memory', ids, answeredMsMax);
    const seconds = (endedMs - startedMs) / 1_000;
    return { events: ids.length, seconds, cpuSeconds: process.cpuSeconds() - cpuBefore };
  };
  return { name: 'the same calls from memory', role: 'ceiling', run };
}
