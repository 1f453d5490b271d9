import { encodeEvent, keyOf, usageRecorded } from '@signalbox/contracts';
import {
  MemoryBroker,
  MemoryDatabase,
  MemoryProducer,
  SeededRandom,
  VirtualClock,
} from '@signalbox/test-kit';
import { AGENT, simulatedAgent } from './agent.js';
import { Faults } from './faults.js';
import type { Ground } from './ground.js';
import { brokenPromises } from './invariants.js';
import { envelopeOf, planEvents, type PlannedEvent } from './plan.js';
import { SimulatedProcess } from './process.js';
import { SimulatedReceiver } from './receiver.js';
import { Scheduler, type StepOwner } from './scheduler.js';

const EVENTS = 220;
const DRAIN_MS = 600_000;

/** What a run came to. */
export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly crashes: number;
  /** Broken promises; empty when all were kept. */
  readonly broken: readonly string[];
  readonly history: readonly string[];
}

/** Two processes of one agent on a broker, a database and a clock that do what the seed says. */
export class World implements Ground {
  readonly random: SeededRandom;
  readonly clock = new VirtualClock();
  readonly database: MemoryDatabase;
  readonly broker: MemoryBroker;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly receiver: SimulatedReceiver;
  readonly events: readonly PlannedEvent[];
  crashes = 0;
  private processes: SimulatedProcess[] = [];
  private unsent = 0;
  private readonly broken: string[] = [];

  constructor(private readonly seed: number) {
    const { clock } = this;
    this.random = new SeededRandom(seed);
    this.database = new MemoryDatabase(clock, this.random);
    const partitions = { [usageRecorded.topic]: 3, [`${AGENT}.internal`]: 2 };
    this.broker = new MemoryBroker({ clock, agents: [AGENT], partitions });
    this.scheduler = new Scheduler(this.random, clock);
    this.faults = new Faults(this.random, clock);
    this.receiver = new SimulatedReceiver(this.random);
    this.events = planEvents(this.random, clock.nowMs() + 200, EVENTS);
  }

  fail(what: string): void {
    this.broken.push(what);
  }

  async run(): Promise<Outcome> {
    const startMs = this.clock.nowMs();
    this.startProcess('A');
    this.startProcess('B');
    this.send();
    const lastMs = (this.events.at(-1) as PlannedEvent).atMs + 6_000;
    const strike = (step: { owner: StepOwner }): boolean =>
      step.owner instanceof SimulatedProcess ? this.faults.strike(step.owner, this) : true;
    await this.scheduler.run(lastMs, () => false, strike);
    this.faults.isOver = true;
    const isDrained = await this.scheduler.run(lastMs + DRAIN_MS, () => this.isDrained(), strike);
    if (!isDrained) this.fail(`not drained after ${DRAIN_MS / 1_000} s: ${this.leftovers().join('; ')}`);
    this.broken.push(...brokenPromises(this));
    const { seed, crashes, broken, scheduler } = this;
    const virtualMs = this.clock.nowMs() - startMs;
    return { seed, steps: scheduler.taken, virtualMs, crashes, broken, history: scheduler.history };
  }

  /** Whether an event was begun alone this often without a result. */
  hasSuspect(marks: number): boolean {
    return [...this.database.tables.progress.rows.values()].some(
      ({ suspectMarks, suspectOffset, nextOffset }) => suspectMarks >= marks && suspectOffset === nextOffset,
    );
  }

  /** kill -9, and a new process a moment later. */
  restart(process: SimulatedProcess): void {
    this.crashes += 1;
    this.scheduler.trace(`${process.name} is killed`);
    process.crash();
    this.processes = this.processes.filter((other) => other !== process);
    void this.clock
      .sleep(this.random.below(4_000))
      .then(() => this.startProcess(`${process.name.charAt(0)}${this.crashes}`));
  }

  private startProcess(name: string): void {
    const agent = (gate: SimulatedProcess) =>
      simulatedAgent((key, act) =>
        gate.pass('receiver', () => this.receiver.receive(key, act), this.receiver),
      );
    const process = new SimulatedProcess(name, this, agent as never);
    this.processes.push(process);
    process.start();
  }

  private send(): void {
    const producer = new MemoryProducer(this.broker);
    const startMs = this.clock.nowMs();
    const sendAt = async (event: PlannedEvent, atMs: number): Promise<void> => {
      this.unsent += 1;
      await this.clock.sleep(atMs - startMs);
      const envelope = envelopeOf(event);
      const key = keyOf(usageRecorded, envelope.data);
      const { value, headers } = encodeEvent(envelope, { key });
      const partition = await producer.partitionFor(usageRecorded.topic, Buffer.from(key));
      await producer.send({ topic: usageRecorded.topic, partition }, [
        { key: Buffer.from(key), value, headers },
      ]);
      this.unsent -= 1;
    };
    for (const event of this.events) {
      void sendAt(event, event.atMs);
      if (event.repeatAfterMs !== undefined) void sendAt(event, event.atMs + event.repeatAfterMs);
    }
  }

  private isDrained(): boolean {
    return this.unsent === 0 && this.processes.length === 2 && this.leftovers().length === 0;
  }

  /** What is unfinished: unread records, unpublished rows, pending work. */
  private leftovers(): string[] {
    const { progress, outbox, pending, keys } = this.database.tables;
    const inputs = [usageRecorded.topic, `${AGENT}.internal`, `${AGENT}.retry.5s`];
    const unread = inputs.flatMap((topic) =>
      this.broker.logsOf(topic).flatMap(({ end }, partition) => {
        const next = progress.rows.get(`${topic}/${partition}`)?.nextOffset ?? 0n;
        return next < end ? [`${topic}/${partition} is at ${next} of ${end}`] : [];
      }),
    );
    return [
      ...unread,
      ...[...outbox.rows.values()].map(
        ({ id, topic, owner, createdMs }) =>
          `outbox row ${id} for ${topic} of ${owner.slice(0, 4)}, made at ${createdMs - this.clock.nowMs()}`,
      ),
      ...[...pending.rows.values()].map(
        ({ kind, eventId, handler, key, claimMs, timer }) =>
          `${kind} ${eventId} ${handler}${timer?.name ?? ''} of ${key.kind}/${key.value}, claimed from ${claimMs}`,
      ),
      ...[...keys.rows.values()]
        .filter(({ blocked }) => blocked)
        .map(({ kind, value }) => `${kind}/${value} is blocked`),
    ];
  }
}
