import { userSignedUp } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { progress } from '../harness/output.js';
import { benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { summarise, within, type Measured, type Sample } from '../harness/result.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { remainingMs } from '../harness/time-limit.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';

const partitions = 4;
/** How many agents read the stream: on the way up, then the same on the way down. */
const steps = [1, 2, 4, 8];
const agentsMax = 8;
const askEveryMs = 10;
const handledMsMax = 300_000;
const shareMax = 0.2;
/** Those who come later have worked off what was sent before; the first has nothing else to become warm by. */
const firstWarmUps = 4;

const sizes = (quick: boolean) =>
  quick ? { events: 5_000, roundsEach: 2 } : { events: 10_000, roundsEach: 3 };
const nameOf = (n: number): string => `generated-${n + 1}`;
const schemaOf = (name: string): string => name.replaceAll('-', '_');

/**
 * Agents that know nothing of one another on one stream: what an event costs each of them must not depend on how many
 * there are. The number goes up and down again, so that what changes with time meets every number alike (down only as far
 * as a quick run has time); the first round of each number is the warm-up of the agents that have come.
 */
export async function agentsBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const names = Array.from({ length: agentsMax }, (_, n) => nameOf(n));
  const world = await World.open(await openStack(), 'agents', { agents: names, partitions });
  const stream = new Stream(world, sizes(quick).events);
  const samples = new Map(steps.map((step) => [step, [] as Sample[]]));
  const measure = async (step: number): Promise<void> => {
    for (let round = 0; round < sizes(quick).roundsEach; round += 1) {
      const sample = await stream.round();
      progress(
        `  ${step === 1 ? 'one agent' : `${step} agents`}: ${Math.round(sample.events / sample.seconds)} handled/s`,
      );
      samples.get(step)?.push(sample);
    }
  };
  try {
    for (const step of steps) {
      await stream.startAgents(names.slice(0, step));
      for (let round = 0; round < (step === 1 ? firstWarmUps : 1); round += 1) await stream.round();
      await measure(step);
    }
    for (const step of [...steps].reverse()) {
      if (remainingMs() <= 0) break;
      await stream.stopAgents(step);
      await measure(step);
    }
    await stream.assertNothingLost();
  } finally {
    await stream.close();
    await world.close();
  }
  const sides = steps.map((step) =>
    summarise(
      step === 1 ? 'one agent' : `${step} agents`,
      step === 1 ? 'baseline' : 'ours',
      samples.get(step) ?? [],
    ),
  );
  const one = sides[0]?.cpuSecondsPer1000 ?? NaN;
  return {
    size: { quick, partitions, agents: agentsMax, ...sizes(quick) },
    sides,
    ratios: sides
      .slice(1)
      .map(({ name, cpuSecondsPer1000 }) =>
        within(`CPU per event and agent: ${name} / one agent`, cpuSecondsPer1000 / one, shareMax),
      ),
  };
}

interface Reader {
  readonly name: string;
  readonly process: SideProcess;
}

/** One stream of sign-ups and the agents that read it. */
class Stream {
  private readonly load = SideProcess.start('load', benchEntry('load/events-load'), {});
  private readers: Reader[] = [];
  private readonly handled = new Map<string, number>();
  private sent = 0;

  constructor(
    private readonly world: World,
    private readonly events: number,
  ) {}

  async startAgents(names: readonly string[]): Promise<void> {
    const fresh = names.slice(this.readers.length);
    const started = await Promise.all(fresh.map((name) => this.start(name)));
    this.readers.push(...started);
    await this.caughtUp();
  }

  private async start(name: string): Promise<Reader> {
    const port = String(await freePort());
    const environment = this.world.environment({ PORT: port });
    const process = SideProcess.start(name, benchEntry('agents/generated'), environment, profileFlags(name), [
      name,
    ]);
    await process.ready(`http://127.0.0.1:${port}/health/ready`);
    return { name, process };
  }

  /** Lets the last ones go until `count` are left. */
  async stopAgents(count: number): Promise<void> {
    const gone = this.readers.splice(count);
    for (const { name } of gone) this.handled.set(name, this.sent);
    await Promise.all(gone.map(({ process }) => process.stop()));
  }

  /** An event counts once for each agent that handles it. Clock: until the last agent has committed the last one. */
  async round(): Promise<Sample> {
    const { brokers } = this.world.connection;
    const order = { brokers, namespace: this.world.name, from: this.sent, count: this.events };
    await this.load.ask({ kind: 'prepare', ...order }, 'prepared');
    const before = this.cpuSeconds();
    const startedMs = performance.now();
    this.sent += this.events;
    const sending = this.load.ask<SentEvents>({ kind: 'send' }, 'sent');
    const [{ acknowledged }] = await Promise.all([sending, this.caughtUp()]);
    const seconds = (performance.now() - startedMs) / 1_000;
    if (acknowledged !== this.events) throw lost('agents: acknowledged', this.events, acknowledged);
    return { events: this.events * this.readers.length, seconds, cpuSeconds: this.cpuSeconds() - before };
  }

  private cpuSeconds(): number {
    return this.readers.reduce((sum, { process }) => sum + process.cpuSeconds(), 0);
  }

  private async caughtUp(): Promise<void> {
    const untilMs = performance.now() + handledMsMax;
    for (const { name } of this.readers) {
      while ((await this.progressOf(name)) < this.sent) {
        if (performance.now() > untilMs)
          throw lost(`agents: ${name}`, this.sent, await this.progressOf(name));
        await delay(askEveryMs);
      }
    }
  }

  /** The stream's partitions begin at 0 and hold nothing else, so that offsets count events. */
  private progressOf(name: string): Promise<number> {
    return this.world.count(
      `SELECT coalesce(sum(next_offset), 0) AS count FROM ${schemaOf(name)}.sb_progress WHERE topic = '${userSignedUp.topic}'`,
    );
  }

  /** Every agent has an inbox row and a state for each event that was sent while it ran. */
  async assertNothingLost(): Promise<void> {
    for (const name of [...this.readers.map((reader) => reader.name), ...this.handled.keys()]) {
      const wanted = this.handled.get(name) ?? this.sent;
      for (const table of ['sb_inbox', 'sb_key WHERE state IS NOT NULL']) {
        const seen = await this.world.count(`SELECT count(*) FROM ${schemaOf(name)}.${table}`);
        if (seen !== wanted) throw lost(`${name}: ${table}`, wanted, seen);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.load, ...this.readers.map(({ process }) => process)].map((one) => one.stop()));
  }
}
