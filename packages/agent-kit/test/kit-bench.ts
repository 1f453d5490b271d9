import { decodeEvent, encodeEvent, keyOf, userSignedUp, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import {
  MemoryBroker,
  MemoryDatabase,
  MemoryInspector,
  MemoryProducer,
  MemoryStore,
  SeededRandom,
  VirtualClock,
  gatedStore,
  type Gate,
} from '@signalbox/test-kit';
import type { ChunkInput } from '../src/chunk/chunk.js';
import { decodeRecord } from '../src/chunk/decode.js';
import type { AgentDefinition } from '../src/handlers.js';
import type { OutgoingRecord, TopicPartition } from '../src/ports/records.js';
import { CommitUnknownError, type Claim } from '../src/ports/store.js';
import type { RunnerPorts } from '../src/runner/ports.js';
import { wirePorts } from '../src/runner/wire-ports.js';
import { signUp } from './agent.js';

/**
 * A call that fails: its request is lost, its answer is lost, or it is refused with this error. Or something else happens
 * just before it.
 */
export type Fault = 'lost_request' | 'lost_answer' | Error | (() => Promise<unknown>);

export const input: TopicPartition = { topic: userSignedUp.topic, partition: 0 };

/** Lets every promise go on that can. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One process of the agent: what its runners share, over the stores of the bench. */
export class BenchProcess implements Gate {
  readonly ports: RunnerPorts;
  /** What was said aloud. */
  readonly said: string[] = [];
  /** What the consumer was told. */
  readonly told: string[] = [];
  /** Records the broker refuses for good, or cannot take now. */
  refuse: (to: TopicPartition, records: readonly OutgoingRecord[]) => SignalboxError | undefined = () =>
    undefined;
  private readonly faults = new Map<string, (Fault | undefined)[]>();
  /** Every call of the store and its transactions, in order. */
  readonly calls: string[] = [];

  constructor(
    private readonly bench: KitBench,
    readonly instance: string,
  ) {
    const { agent, clock, random, broker, database } = bench;
    const say = (fields: object, message: string): void =>
      void this.said.push(`${message} ${JSON.stringify(fields)}`);
    const producer = new MemoryProducer(broker);
    const send = producer.send.bind(producer);
    producer.send = async (to, records) => {
      const refusal = this.refuse(to, records);
      if (refusal) throw refusal;
      await send(to, records);
    };
    const tell = (what: string) => (_at: unknown, offset?: bigint) =>
      void this.told.push(offset === undefined ? what : `${what} ${offset}`);
    this.ports = wirePorts(
      agent,
      {
        instance,
        clock,
        random,
        producer,
        store: gatedStore(new MemoryStore(database, instance), this),
        inspector: new MemoryInspector(broker),
        consumer: { seek: tell('seek'), pause: tell('pause'), resume: tell('resume') } as never,
        log: { info: say, warn: say, error: say },
        transactionsMax: 4,
        onFatal: (error) => this.said.push(error.message),
      },
      () => this.told.push('pending is woken'),
    );
  }

  /** The next calls of a port's method fail one after another; undefined lets one through. */
  fail(point: string, ...faults: (Fault | undefined)[]): void {
    this.faults.set(point, faults);
  }

  async pass<T>(point: string, call: () => Promise<T>, target: object): Promise<T> {
    this.calls.push(point);
    const fault = this.faults.get(point)?.shift();
    if (typeof fault === 'function') await fault();
    if (fault === undefined || typeof fault === 'function') return call();
    if (fault === 'lost_answer') await call();
    // The server ends the transaction of a lost connection, and one whose COMMIT it refuses.
    const ends = !(fault instanceof Error) || point === 'tx.commit';
    if (ends && 'rollback' in target) await (target as { rollback(): Promise<void> }).rollback();
    if (fault instanceof Error) throw fault;
    throw point === 'tx.commit'
      ? new CommitUnknownError(new Error('the connection was lost'))
      : new SignalboxError('database_unavailable', `${point} was lost`);
  }

  /** Takes the input partition over, whose topic begins at its start. */
  async claim(partition = input): Promise<Claim> {
    const { store } = this.ports;
    await store.startTopic(partition.topic, new Map(), new Map([[partition.partition, 0n]]));
    return (await store.claim(partition)) as Claim;
  }

  /** The chunk of all records of a partition from the claim's place on. */
  chunk(claim: Claim, partition = input): ChunkInput {
    const { records, end } = this.bench.broker.log(partition);
    const items = records
      .filter(({ offset }) => offset >= claim.nextOffset)
      .map((record) => decodeRecord(this.ports.context.registry, partition.topic, record));
    return { partition, epoch: claim.epoch, from: claim.nextOffset, next: end, items };
  }
}

/** The stores of an agent, in memory. Time stands still unless a test moves it. */
export class KitBench {
  readonly clock = new VirtualClock(Date.UTC(2026, 3, 5, 12));
  readonly random = new SeededRandom(1);
  readonly database = new MemoryDatabase(this.clock, this.random);
  readonly broker: MemoryBroker;

  constructor(
    readonly agent: AgentDefinition,
    partitions: Readonly<Record<string, number>> = {},
  ) {
    this.broker = new MemoryBroker({ clock: this.clock, agents: [agent.name], partitions });
  }

  process(instance: string): BenchProcess {
    return new BenchProcess(this, instance);
  }

  /** Publishes sign-ups of these users, as `evt-<n>` from where the topic ends. */
  signUp(...users: readonly string[]): void {
    for (const user of users) {
      const event = {
        ...signUp,
        event_id: `evt-${this.broker.log(input).end}`,
        data: { ...signUp.data, user_id: user },
      };
      const key = keyOf(userSignedUp, event.data);
      const { value, headers } = encodeEvent(event, { key });
      this.write({ key: Buffer.from(key), value, headers });
    }
  }

  /** Writes a record as it is to the input partition. */
  write(record: OutgoingRecord, to = input): void {
    this.broker.append(to, [record]);
  }

  /** What a topic holds, as events. */
  events(topic: string): EventEnvelope[] {
    return this.broker.recordsOf(topic).map((record) => decodeEvent(record));
  }

  /** Where the agent is on its input. */
  get progress(): bigint | undefined {
    return this.database.tables.progress.rows.get(`${input.topic}/${input.partition}`)?.nextOffset;
  }

  /** Goes from sleeper to sleeper until the work has ended; for at most an hour. */
  async inTime<T>(work: Promise<T>): Promise<T> {
    let hasEnded = false;
    const end = (): void => void (hasEnded = true);
    work.then(end, end);
    const untilMs = this.clock.nowMs() + 3_600_000;
    for (await settle(); !hasEnded; await settle()) {
      if (!this.clock.wakeNext(untilMs)) throw new Error('the work waits for something that never comes');
    }
    return work;
  }
}
