import { trialConverted, trialStarted } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { atLeast, reported, type Measured, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';

const partitions = 4;
const failEvery = 10;
/** The first retry comes so long after a failure. */
const firstRetryMs = 5_000;
const handledMsMax = 120_000;

const sizes = (quick: boolean) => (quick ? { events: 8_000, rounds: 5 } : { events: 40_000, rounds: 5 });

interface Bench {
  readonly stack: BenchStack;
  readonly events: number;
  readonly load: SideProcess;
  readonly started: Started;
}

/**
 * One event in ten fails once and is tried again 5 s later over the retry topic. Measured are the healthy events of a
 * batch that is sent when the retries of the batch before it fall due, so that both kinds are at work at once. The other
 * side is the same process with nothing failing, at work while the first waits.
 */
export async function retryBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const started = new Started();
  try {
    const load = started.process(SideProcess.start('load', benchEntry('load/events-load'), {}));
    const bench: Bench = { stack, events: size.events, load, started };
    const [some, none] = await Promise.all([
      Runner.start(bench, 'failing', failEvery),
      Runner.start(bench, 'healthy', 0),
    ]);
    const sides = [some.side(), none.side(() => some.settled(none.batchMs))];
    const [failing, healthy] = (await interleave(sides, size)) as [SideResult, SideResult];
    await Promise.all([some.assertNothingLost(), none.assertNothingLost()]);
    return {
      size: { quick, partitions, failEvery, ...size },
      sides: [failing, healthy],
      ratios: [
        atLeast(
          'healthy rate: 10 % failing once / none failing',
          failing.perSecond / healthy.perSecond,
          0.85,
        ),
        reported(
          'CPU per healthy event: 10 % failing once / none failing',
          failing.cpuSecondsPer1000 / healthy.cpuSecondsPer1000,
        ),
      ],
    };
  } finally {
    await started.end();
  }
}

/** The agent that fails for one event in `every`, or for none. */
class Runner {
  /** How long the last batch took. */
  batchMs = 0;
  private sent = 0;
  /** When the last batch was sent, monotonic. */
  private sentAtMs = -Infinity;

  private constructor(
    private readonly bench: Bench,
    private readonly world: World,
    private readonly process: SideProcess,
    private readonly every: number,
  ) {}

  static async start(bench: Bench, name: string, every: number): Promise<Runner> {
    const { stack, started } = bench;
    const options = { agents: ['failing'], partitions };
    const world = started.world(await World.open(stack, `retry-${name}`, options));
    const port = String(await freePort());
    const settings = world.environment({ PORT: port, FAIL_EVERY: String(every) });
    const entry = benchEntry('agents/failing');
    const process = started.process(SideProcess.start('failing', entry, settings, profileFlags('failing')));
    await process.ready(`http://127.0.0.1:${port}/health/ready`);
    return new Runner(bench, world, process, every);
  }

  side(before: () => Promise<void> = () => Promise.resolve()): Side {
    const fails = this.every > 0;
    const run = async (): Promise<Sample> => {
      await before();
      if (fails) await this.untilRetriesFallDue();
      const cpuBefore = this.process.cpuSeconds();
      await this.batch();
      const cpuSeconds = this.process.cpuSeconds() - cpuBefore;
      const { events } = this.bench;
      return { events: events - this.failingOf(events), seconds: this.batchMs / 1_000, cpuSeconds };
    };
    const title = fails ? 'one event in ten fails once' : 'nothing fails';
    return { name: title, role: fails ? 'ours' : 'baseline', run };
  }

  /** Resolves when no retry falls due within the next `forMs`, so that none is at work beside what runs then. */
  async settled(forMs: number): Promise<void> {
    if (performance.now() + forMs < this.sentAtMs + firstRetryMs) return;
    await this.world.recordsReached(trialConverted.topic, this.failingOf(this.sent), handledMsMax);
  }

  /** Every user has one event, those whose first try failed included. */
  async assertNothingLost(): Promise<void> {
    await this.settled(Infinity);
    const keys = await Promise.all(
      [trialStarted, trialConverted].map(({ topic }) => this.world.distinctKeys(topic)),
    );
    const users = new Set(keys.flatMap((each) => [...each])).size;
    if (users !== this.sent) throw lost(`${this.world.name}: users`, this.sent, users);
  }

  /** Waits for the moment at which the failures of the batch before come again; sends such a batch when that moment is past. */
  private async untilRetriesFallDue(): Promise<void> {
    if (performance.now() > this.sentAtMs + firstRetryMs) await this.batch();
    await delay(Math.max(0, this.sentAtMs + firstRetryMs - performance.now()));
  }

  private async batch(): Promise<void> {
    const { load, events } = this.bench;
    const { brokers } = this.world.connection;
    const order = { kind: 'prepare', brokers, namespace: this.world.name, from: this.sent, count: events };
    await load.ask(order, 'prepared');
    this.sent += events;
    this.sentAtMs = performance.now();
    const [{ acknowledged }, endedMs] = await Promise.all([
      load.ask<SentEvents>({ kind: 'send' }, 'sent'),
      this.world.recordsReached(trialStarted.topic, this.sent - this.failingOf(this.sent), handledMsMax),
    ]);
    if (acknowledged !== events) throw lost('sign-ups acknowledged', events, acknowledged);
    this.batchMs = endedMs - this.sentAtMs;
  }

  private failingOf(events: number): number {
    return this.every > 0 ? events / this.every : 0;
  }
}
