import { trialStarted } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { readMembership, type Membership } from '../harness/group-membership.js';
import { progress } from '../harness/output.js';
import { benchEntry } from '../harness/paths.js';
import { atMost, reported, within, type Measured, type Sample, type SideResult } from '../harness/result.js';
import { interleave } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';
import { drain, startTrialMonitor } from './agent.js';

const partitions = 4;
const rounds = 5;
const recordsPerSend = 50_000;
const rssEveryMs = 100;
const rssGrowthMbMax = 150;
/** An agent that stood still for longer may have lost its place in the group, which is not what is measured. */
const frozenMsMax = 8_000;

const sizes = (quick: boolean) =>
  quick ? { waiting: 100_000, live: 6_000 } : { waiting: 2_000_000, live: 20_000 };
type Size = ReturnType<typeof sizes>;

/**
 * An agent that was away: a long backlog waits for it. Beside it the same agent, caught up. In turn each handles as many
 * events as are sent to it meanwhile, the one from its backlog, the other these; the one that is not measured is frozen.
 * Between the rounds the first works on alone. Whatever it handles, its place in its group must stay the same.
 */
export async function backlogBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const size = sizes(quick);
  const stack = await openStack();
  const started = new Started();
  try {
    const load = started.process(SideProcess.start('load', benchEntry('load/events-load'), {}));
    const [world, fresh] = await Promise.all([
      startWaiting(stack, load, started, size),
      startFresh(stack, load, started, size),
    ]);
    const late = await Late.start(world, load, started, size);
    const sides = await interleave(
      [
        { name: 'backlog', role: 'ours', run: (round) => late.round(round) },
        { name: 'fresh events', role: 'baseline', run: () => fresh() },
      ],
      { rounds },
    );
    const memory = await late.finish();
    const [ours, base] = sides as [SideResult, SideResult];
    return {
      size: { quick, partitions, rounds, ...size },
      sides: [{ ...ours, more: { ...ours.more, ...memory } }, base],
      ratios: [
        within('rate: backlog / fresh events', ours.perSecond / base.perSecond, 0.15),
        atMost('RSS growth in MB', memory.rssGrowthMb, rssGrowthMbMax),
        reported('CPU per event: backlog / fresh events', ours.cpuSecondsPer1000 / base.cpuSecondsPer1000),
      ],
    };
  } finally {
    await started.end();
  }
}

/** The topics of the agent that is away, full. */
async function startWaiting(
  stack: BenchStack,
  load: SideProcess,
  started: Started,
  { waiting }: Size,
): Promise<World> {
  const options = { agents: ['trial-monitor'], partitions };
  const world = started.world(await World.open(stack, 'backlog', options));
  await publish(world, load, waiting);
  progress(`  ${waiting} events wait`);
  return world;
}

async function startFresh(
  stack: BenchStack,
  load: SideProcess,
  started: Started,
  { live }: Size,
): Promise<() => Promise<Sample>> {
  const options = { agents: ['trial-monitor'], partitions };
  const world = started.world(await World.open(stack, 'fresh', options));
  const process = started.process(await startTrialMonitor(world));
  let sent = 0;
  return () => drain({ world, process, load, from: (sent += live) - live, count: live });
}

interface Memory extends Record<string, number> {
  readonly rssGrowthMb: number;
  readonly rssPeakMb: number;
}

/** The agent with the backlog. */
class Late {
  private readonly group: string;
  private readonly rss: NodeJS.Timeout;
  private membership: Membership | undefined;
  /** Memory at the first tenth, when all code is loaded. */
  private earlyMb = NaN;
  private peakMb = 0;
  private frozenAtMs = NaN;

  private constructor(
    private readonly world: World,
    private readonly process: SideProcess,
    private readonly load: SideProcess,
    private readonly size: Size,
    private sent: number,
  ) {
    this.group = `${world.name}.trial-monitor`;
    this.rss = setInterval(() => (this.peakMb = Math.max(this.peakMb, process.rssMb())), rssEveryMs);
  }

  static async start(world: World, load: SideProcess, started: Started, size: Size): Promise<Late> {
    const process = started.process(await startTrialMonitor(world));
    const late = new Late(world, process, load, size, size.waiting);
    await world.recordsReached(trialStarted.topic, size.waiting / 10, 600_000);
    late.earlyMb = process.rssMb();
    late.membership = await readMembership(world.connection.brokers, late.group);
    if (late.membership?.members.length !== 1)
      throw new SignalboxError('internal', 'The group has no member.');
    return late;
  }

  /** Round 0 warms up; after each of the others another part of the backlog is gone. */
  async round(round: number): Promise<Sample> {
    const { world, process, load } = this;
    const { waiting, live } = this.size;
    this.goOn();
    if (round > 1) {
      const part = (waiting * (round - 1)) / rounds;
      await world.recordsReached(trialStarted.topic, part, 3_600_000);
    }
    const until = (await world.recordCount(trialStarted.topic)) + live;
    const from = this.sent;
    this.sent += live;
    const sample = await drain({ world, process, load, from, count: live, until });
    this.freeze();
    return sample;
  }

  /** Works off the rest; rejects when an event was lost or the group was formed anew meanwhile. */
  async finish(): Promise<Memory> {
    const { world, sent } = this;
    this.goOn();
    await world.recordsReached(trialStarted.topic, sent, 3_600_000);
    clearInterval(this.rss);
    const users = await world.count('SELECT count(*) FROM trial_monitor.sb_key WHERE state IS NOT NULL');
    if (users !== sent) throw lost('backlog: states', sent, users);
    const now = await readMembership(world.connection.brokers, this.group);
    const [before, after] = [JSON.stringify(this.membership), JSON.stringify(now)];
    if (before !== after) throw new SignalboxError('internal', `The group was ${before} and is ${after}.`);
    progress(`  membership stayed as it was: generation ${now?.generation}`);
    return { rssGrowthMb: Math.max(0, this.peakMb - this.earlyMb), rssPeakMb: this.peakMb };
  }

  private freeze(): void {
    this.process.freeze();
    this.frozenAtMs = performance.now();
  }

  private goOn(): void {
    const ms = performance.now() - this.frozenAtMs;
    this.process.goOn();
    if (ms > frozenMsMax)
      throw new SignalboxError(
        'internal',
        `This machine is too busy: the agent stood still for ${Math.round(ms)} ms.`,
      );
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
