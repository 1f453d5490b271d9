import { trialStarted } from '@signalbox/contracts';
import { benchEntry } from '../harness/paths.js';
import { atMost, reported, summarise, within, type Measured, type Sample } from '../harness/result.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { lost, World } from '../harness/world.js';
import { median } from '../harness/stats.js';
import type { SentEvents } from '../load/protocol.js';
import { drain, startTrialMonitor } from './agent.js';

const partitions = 4;
const liveRounds = 5;
const recordsPerSend = 50_000;
const rssEveryMs = 100;
const rssGrowthMbMax = 150;

const sizes = (quick: boolean) =>
  quick ? { waiting: 100_000, live: 4_000 } : { waiting: 2_000_000, live: 20_000 };

/** An agent that was away: a long backlog waits for it. Beside it the same agent, caught up, with fresh events. */
export async function backlogBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const size = sizes(quick);
  const world = await World.open(await openStack(), 'backlog', { agents: ['trial-monitor'], partitions });
  const load = SideProcess.start('load', benchEntry('load/events-load'), {});
  let process: SideProcess | undefined;
  try {
    await publish(world, load, size.waiting);
    process = await startTrialMonitor(world);
    const backlog = await catchUp(world, process, size.waiting);
    const live: Sample[] = [];
    for (let round = 0; round < liveRounds; round += 1) {
      const from = size.waiting + round * size.live;
      live.push(await drain({ world, process, load, from, count: size.live }));
    }
    const sides = [
      summarise('backlog', 'ours', [backlog]),
      summarise('fresh events', 'baseline', live),
    ] as const;
    const [ours, base] = sides;
    return {
      size: { quick, partitions, ...size },
      sides,
      ratios: [
        within('rate: backlog / fresh events', ours.perSecond / base.perSecond, 0.15),
        atMost('RSS growth in MB', ours.more['rssGrowthMb'] ?? NaN, rssGrowthMbMax),
        reported('CPU per event: backlog / fresh events', ours.cpuSecondsPer1000 / base.cpuSecondsPer1000),
      ],
    };
  } finally {
    await Promise.all([load.stop(), process?.stop()]);
    await world.close();
  }
}

async function publish(world: World, load: SideProcess, count: number): Promise<void> {
  const { brokers } = world.connection;
  for (let from = 0; from < count; from += recordsPerSend) {
    const part = Math.min(recordsPerSend, count - from);
    await load.ask({ kind: 'prepare', brokers, namespace: world.name, from, count: part }, 'prepared');
    const { acknowledged } = await load.ask<SentEvents>({ kind: 'send' }, 'sent');
    if (acknowledged !== part) throw lost('backlog acknowledged', part, acknowledged);
  }
}

/** From ready to the last event; memory against that at the first tenth, when all code is loaded. */
async function catchUp(world: World, process: SideProcess, count: number): Promise<Sample> {
  const startedMs = performance.now();
  const cpuBefore = process.cpuSeconds();
  const already = await world.recordCount(trialStarted.topic);
  await world.recordsReached(trialStarted.topic, count / 10, 600_000);
  const early: number[] = [process.rssMb()];
  let peakMb = 0;
  const timer = setInterval(() => (peakMb = Math.max(peakMb, process.rssMb())), rssEveryMs);
  await world.recordsReached(trialStarted.topic, count, 3_600_000);
  clearInterval(timer);
  const seconds = (performance.now() - startedMs) / 1_000;
  const users = await world.count('SELECT count(*) FROM trial_monitor.sb_key WHERE state IS NOT NULL');
  if (users !== count) throw lost('backlog: states', count, users);
  const cpuSeconds = process.cpuSeconds() - cpuBefore;
  return {
    events: count - already,
    seconds,
    cpuSeconds,
    more: { rssGrowthMb: Math.max(0, peakMb - median(early)), rssPeakMb: peakMb },
  };
}
