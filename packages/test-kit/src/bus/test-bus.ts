import type { StateDefinition } from '@signalbox/agent-kit';
import { encodeEvent, keyOf, type Contract, type EventEnvelope } from '@signalbox/contracts';
import type { TestEvent } from '../given/event.js';
import { ExpectationError } from '../given/expectation-error.js';
import { MemoryBroker } from '../memory/memory-broker.js';
import { MemoryProducer } from '../memory/memory-producer.js';
import { SeededRandom } from '../memory/seeded-random.js';
import { VirtualClock } from '../memory/virtual-clock.js';
import { repeatingProducer } from '../faults/repeating-producer.js';
import { definitionOf, type BusAgent } from './bus-agent.js';
import { BusMember } from './bus-member.js';
import type { BusGround, CallFaults } from './bus-process.js';
import { BusTime } from './bus-time.js';
import * as views from './bus-views.js';
import { effectsOf, type BusEffects } from './effects.js';
import { spanMs, type Span } from './span.js';

export interface TestBusOptions {
  readonly agents: readonly BusAgent[];
  /** When the clock begins: RFC 3339 or a Date; default 2026-01-01T00:00:00Z. */
  readonly startsAt?: string | Date;
  /** Everything follows from it: ids, sizes of chunks, shares of partitions. Default 1. */
  readonly seed?: number;
  /** Partitions of every topic, default 2. */
  readonly partitions?: number;
  /** Processes of each agent, default 1. */
  readonly processes?: number;
  /** Writes every record twice. */
  readonly isRepeated?: boolean;
  /** What becomes of the agents' calls to broker and database; default: all are made. */
  readonly faults?: CallFaults;
  /** Real milliseconds an outside call of a connector gets before virtual time passes for it; default 0. */
  readonly callMsMax?: number;
}

/**
 * Whole agents and connectors on a broker, databases and a clock in memory: the real runtime with its chunks, retries,
 * timers and jobs, over hours in milliseconds. The clock stands still until it is moved; the same seed gives the same
 * run. Nothing is open afterwards, so there is nothing to close.
 */
export class TestBus {
  private readonly time: BusTime;
  private readonly producer;
  private readonly members: readonly BusMember[];

  private constructor(
    private readonly broker: MemoryBroker,
    options: TestBusOptions,
  ) {
    const { seed = 1, processes = 1, isRepeated = false, faults = () => undefined, callMsMax = 0 } = options;
    const producer = new MemoryProducer(broker);
    this.producer = isRepeated ? repeatingProducer(producer) : producer;
    const members: BusMember[] = [];
    this.time = new BusTime(broker.clock, inhabitantsOf(members), callMsMax);
    const agentNowMs = (): number => this.time.nowMs;
    const ground: BusGround = { broker, random: new SeededRandom(seed), faults, isRepeated, agentNowMs };
    for (const agent of options.agents) members.push(new BusMember(definitionOf(agent), ground, processes));
    this.members = members;
  }

  /** Resolves once every agent reads its topics. Throws what a wrongly declared agent throws. */
  static async open(options: TestBusOptions): Promise<TestBus> {
    const { startsAt = '2026-01-01T00:00:00Z', partitions: partitionsPerTopic = 2 } = options;
    const clock = new VirtualClock(new Date(startsAt).getTime());
    const agents = options.agents.map(({ name }) => name);
    const bus = new TestBus(new MemoryBroker({ clock, agents, partitionsPerTopic }), options);
    await bus.settle();
    return bus;
  }

  /** The agents' time. */
  get now(): Date {
    return new Date(this.time.nowMs);
  }

  /**
   * Publishes events and waits until nothing is left to do. The clock moves on to the latest of their times, never
   * back; what is due until then happens first. Several events are in their topics before any of them is handled.
   */
  async publish(...events: readonly TestEvent[]): Promise<void> {
    const times = events.map(({ envelope }) => Date.parse(envelope.timestamp));
    await this.advanceTo(new Date(Math.max(this.time.nowMs, ...times)));
    for (const { contract, envelope } of events) {
      const key = keyOf(contract, envelope.data);
      const { value, headers } = encodeEvent(envelope, { key });
      const keyBytes = Buffer.from(key);
      const partition = await this.producer.partitionFor(contract.topic, keyBytes);
      await this.producer.send({ topic: contract.topic, partition }, [{ key: keyBytes, value, headers }]);
    }
    await this.settle();
  }

  /** Moves the clock on (`'4h'`, or milliseconds); stops at each due time on the way and lets happen what is due. */
  advance(span: Span): Promise<void> {
    return this.time.advanceTo(this.time.nowMs + spanMs(span));
  }

  advanceTo(time: string | Date): Promise<void> {
    return this.time.advanceTo(new Date(time).getTime());
  }

  /** Moves to the next due timer, retry or job and lets it happen; false when nothing waits for a time. */
  async advanceToNextDue(): Promise<boolean> {
    const next = nextDueMs(this.members);
    if (next !== undefined) await this.time.advanceTo(Math.max(next, this.time.nowMs));
    return next !== undefined;
  }

  /** The events of a contract in the order they were written, those of the test among them; each id once. */
  events<D>(contract: Contract<string, D>): EventEnvelope<D>[] {
    return views.eventsOf(this.broker, contract);
  }

  /** Their data. */
  emitted<D>(contract: Contract<string, D>): D[] {
    return this.events(contract).map(({ data }) => data);
  }

  state<S>(agent: string, definition: StateDefinition<S>, key: string): S | undefined {
    return views.stateOf(this.member(agent), definition, key);
  }

  /** The timers that wait, of one agent or of all, the earliest first. */
  timers(agent?: string): views.BusTimer[] {
    return this.of(agent).flatMap(views.timersOf);
  }

  /** Retries, parked events and jobs that wait. */
  waiting(agent?: string): views.BusWork[] {
    return this.of(agent).flatMap(views.workOf);
  }

  deadLetters(agent?: string): views.BusDeadLetter[] {
    return this.of(agent).flatMap(views.deadLettersOf);
  }

  /** kill -9 of one process of the agent; another one takes its place. */
  async crash(agent: string): Promise<void> {
    this.member(agent).crash();
    await this.settle();
  }

  /** Every process of the agent loses its membership and joins its group again. */
  async rebalance(agent: string): Promise<void> {
    this.member(agent).rejoin();
    await this.settle();
  }

  /** All that is left of what happened, without the traces of how often it was tried: equal for equal outcomes. */
  effects(): BusEffects {
    return effectsOf(this.broker, this.members);
  }

  private settle(): Promise<void> {
    return this.time.settle();
  }

  private member(name: string): BusMember {
    const member = this.members.find((one) => one.name === name);
    if (member) return member;
    const known = this.members.map((one) => one.name).join(', ');
    throw new ExpectationError(`there is no agent '${name}' on this bus; there are: ${known}`);
  }

  private of(agent: string | undefined): readonly BusMember[] {
    return agent === undefined ? this.members : [this.member(agent)];
  }
}

const inhabitantsOf = (members: readonly BusMember[]): ConstructorParameters<typeof BusTime>[1] => ({
  unfinished: () => members.flatMap((member) => member.unfinished()),
  areCallsAtWork: () => members.some(({ jobsAtWork }) => jobsAtWork > 0),
  nextDueMs: () => nextDueMs(members),
  setTime: () => members.forEach((member) => member.setTime()),
});

function nextDueMs(members: readonly BusMember[]): number | undefined {
  const times = members.flatMap((member) => member.nextDueMs() ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
