import { userSignedUp } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { progress } from '../harness/output.js';
import { benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { summarise, within, type Measured, type Sample } from '../harness/result.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';

const partitions = 4;
/** How many agents read the stream: all at first, who become warm together, then fewer and fewer. */
const steps = [8, 4, 2, 1];
const agentsMax = 8;
const askEveryMs = 10;
const handledMsMax = 300_000;
const shareMax = 0.2;

/** `handled`: events of a round, counted once for each agent, so that rounds of many and of few take equally long. */
const sizes = (quick: boolean) =>
  quick ? { handled: 32_000, roundsEach: 3, warmUps: 10 } : { handled: 80_000, roundsEach: 5, warmUps: 10 };
/** A full run starts as many once more. */
const startsMax = 2 * agentsMax;
const nameOf = (n: number): string => `generated-${n + 1}`;
const schemaOf = (name: string): string => name.replaceAll('-', '_');

/**
 * Agents that know nothing of one another on one stream: what an event costs each of them must not depend on how many
 * there are. A young process compiles and collects for some seconds whatever it does, so all are started and warmed
 * together, and the numbers go down. A full run then goes up again with new agents, so that what changes with time
 * meets every number alike.
 */
export async function agentsBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const agents = Array.from({ length: quick ? agentsMax : startsMax }, (_, n) => nameOf(n));
  const world = await World.open(await openStack(), 'agents', { agents, partitions });
  const stream = new Stream(world);
  const { handled, roundsEach, warmUps } = sizes(quick);
  const samples = new Map(steps.map((step) => [step, [] as Sample[]]));
  const warm = async (step: number): Promise<void> => {
    await stream.startAgents(step);
    for (let round = 0; round < warmUps; round += 1) await stream.round(handled / agentsMax);
  };
  const measure = async (step: number): Promise<void> => {
    for (let round = 0; round < roundsEach; round += 1) {
      const sample = await stream.round(handled / step);
      progress(`  ${sideName(step)}: ${Math.round(sample.events / sample.seconds)} handled/s`);
      samples.get(step)?.push(sample);
    }
  };
  try {
    await warm(agentsMax);
    for (const step of steps) {
      await stream.stopAgents(step);
      await measure(step);
    }
    if (!quick) await stream.stopAgents(0);
    for (const step of quick ? [] : [...steps].reverse()) {
      await warm(step);
      await measure(step);
    }
    await stream.assertNothingLost();
  } finally {
    await stream.close();
    await world.close();
  }
  const sides = [...steps]
    .reverse()
    .map((step) => summarise(sideName(step), step === 1 ? 'baseline' : 'ours', samples.get(step) ?? []));
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

const sideName = (step: number): string => (step === 1 ? 'one agent' : `${step} agents`);

interface Reader {
  readonly name: string;
  readonly process: SideProcess;
  /** Events that were sent before it was started for the first time. */
  readonly from: number;
}

/** One stream of sign-ups and the agents that read it. */
class Stream {
  private readonly load = SideProcess.start('load', benchEntry('load/events-load'), {});
  private readers: Reader[] = [];
  /** Events that agents had to handle before they were stopped. */
  private readonly handled = new Map<string, number>();
  private sent = 0;
  private started = 0;

  constructor(private readonly world: World) {}

  /** Adds agents that were never started before, until there are `count`. */
  async startAgents(count: number): Promise<void> {
    const first = this.started;
    this.started += count - this.readers.length;
    const fresh = Array.from({ length: this.started - first }, (_, n) => nameOf(first + n));
    this.readers.push(...(await Promise.all(fresh.map((name) => this.start(name)))));
    await this.caughtUp();
  }

  private async start(name: string): Promise<Reader> {
    const port = String(await freePort());
    const environment = this.world.environment({ PORT: port });
    const process = SideProcess.start(name, benchEntry('agents/generated'), environment, profileFlags(name), [
      name,
    ]);
    await process.ready(`http://127.0.0.1:${port}/health/ready`);
    return { name, process, from: this.sent };
  }

  /** Lets the last ones go until `count` are left. */
  async stopAgents(count: number): Promise<void> {
    const gone = this.readers.splice(count);
    for (const { name, from } of gone) this.handled.set(name, this.sent - from);
    await Promise.all(gone.map(({ process }) => process.stop()));
  }

  /** An event counts once for each agent that handles it. Clock: until the last agent has committed the last one. */
  async round(count: number): Promise<Sample> {
    const { brokers } = this.world.connection;
    const order = { brokers, namespace: this.world.name, from: this.sent, count };
    await this.load.ask({ kind: 'prepare', ...order }, 'prepared');
    const before = this.cpuSeconds();
    const startedMs = performance.now();
    this.sent += count;
    const sending = this.load.ask<SentEvents>({ kind: 'send' }, 'sent');
    const [{ acknowledged }] = await Promise.all([sending, this.caughtUp()]);
    const seconds = (performance.now() - startedMs) / 1_000;
    if (acknowledged !== count) throw lost('agents: acknowledged', count, acknowledged);
    return { events: count * this.readers.length, seconds, cpuSeconds: this.cpuSeconds() - before };
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
    const running = this.readers.map(({ name, from }) => [name, this.sent - from] as const);
    for (const [name, wanted] of [...running, ...this.handled]) {
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
