import { agentTopics, catalogue, retryDelaysMs, retryTopic } from '@signalbox/contracts';
import type { AgentDefinition } from '../handlers.js';
import { takeEvent, type OfferedEvent, type TakenEvent } from '../intake/take-event.js';
import { RedriveWorker } from '../operate/redrive-worker.js';
import { flushAcknowledged } from '../outbox/flush-acknowledged.js';
import { PendingEngine } from '../pending/pending-engine.js';
import { allAnswers } from '../ports/all-answers.js';
import type { PendingKind } from '../ports/store.js';
import type { Registry } from '../registry.js';
import { AssignedPartitions } from './assigned-partitions.js';
import { Bell } from './bell.js';
import type { ChunkWorker } from './chunk-worker.js';
import { EventWorker } from './event-worker.js';
import { Housekeeping } from './housekeeping.js';
import type { AgentRuntimePorts, AgentStatus } from './runtime-ports.js';
import { UpkeepLoops, outboxTasks, type PeriodicTask } from './upkeep-loops.js';
import { WakeUpTransactions } from './wake-up-transactions.js';
import { WakeUpWorker } from './wake-up-worker.js';
import { Watchdog } from './watchdog.js';
import { wirePorts } from './wire-ports.js';

const DRAIN_MS = 5_000;
const VERIFY_EVERY_MS = 60_000;
/** Whatever anybody tells: a change of the switches tells every process at once. */
const SWITCHES_EVERY_MS = 5_000;
const PARKED_EVERY_MS = 500;
const WATCH_EVERY_MS = 5_000;
const SHOW_EVERY_MS = 1_000;

/** One agent in one process: reads its topics, handles events exactly once, works off its pending table. */
export class AgentRuntime {
  private readonly ports: ReturnType<typeof wirePorts>;
  private readonly partitions: AssignedPartitions;
  private readonly engine: PendingEngine;
  private readonly wakeUps: WakeUpTransactions;
  private readonly stopping = new AbortController();
  private readonly watchdog: Watchdog;
  private readonly housekeeping: Housekeeping;
  private readonly loops: UpkeepLoops;
  private readonly orders = { forSwitches: new Bell(), forRedrives: new Bell() };
  private connected: Promise<void> | undefined;

  constructor(
    agent: AgentDefinition,
    private readonly outside: AgentRuntimePorts,
  ) {
    const { signal } = this.stopping;
    this.ports = wirePorts(agent, outside, () => this.engine.wake());
    this.partitions = new AssignedPartitions(this.ports, (topic) => this.workerFor(topic), signal);
    const states = () => this.partitions.states();
    this.watchdog = new Watchdog(this.ports, states, outside.onFatal);
    this.housekeeping = new Housekeeping(this.ports, outside.upkeep, states, outside.inboxWindowMs);
    this.engine = new PendingEngine(this.ports, pendingKinds(this.registry));
    this.wakeUps = new WakeUpTransactions(this.ports, this.engine.woken);
    this.loops = new UpkeepLoops(this.ports, signal);
  }

  /** This process's name in claims and activity. */
  get instance(): string {
    return this.ports.context.instance;
  }

  /** What the agent is made of, checked. */
  get registry(): Registry {
    return this.ports.context.registry;
  }

  /**
   * Reaches the broker and looks up what the first transactions must know of it; nothing is read or written. `start` does
   * it where it was not done before. Rejects with `broker_unavailable`.
   */
  connect(): Promise<void> {
    const { producer, inspector } = this.outside;
    this.connected ??= allAnswers([
      producer.connect().then(() => this.knowPartitions()),
      inspector.connect(this.topics()),
    ]).then(() => undefined);
    return this.connected;
  }

  async start(): Promise<void> {
    await allAnswers([this.ports.switches.refresh().then(() => this.housekeeping.start()), this.connect()]);
    // Returns at once; the engine starts while the group takes this member in.
    await this.outside.consumer.start(this.ports.context.agent.name, this.topics(), {
      onAssigned: (partitions) => this.partitions.assign(partitions, () => this.watchdog.fetched()), // its time begins now
      onRevoked: () => this.partitions.revoke(),
      onBatch: (batch) => this.partitions.offer(batch),
      onFetch: () => this.watchdog.fetched(),
      onCrash: (error) => this.outside.onFatal(error),
      onPositionLost: (partition) => this.partitions.verify(partition),
    });
    await this.engine.start(() => Object.values(this.orders).forEach((bell) => bell.ring()));
    this.loops.start([...outboxTasks(this.ports), ...this.tasks(), ...this.housekeeping.tasks]);
  }

  /** Finishes what is at work, lets go of the partitions and leaves the group; at most about 10 s. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.partitions.revoke(), this.engine.stop(DRAIN_MS)]);
    await this.outside.consumer.stop();
    this.ports.publisher.stop();
    await this.loops.ended();
    await flushAcknowledged(this.ports).catch(() => undefined); // what stays is published again by the next owner
    await Promise.all([this.outside.producer.close(), this.outside.inspector.close()]);
  }

  status(): AgentStatus {
    const states = this.partitions.states();
    const now = this.outside.clock.nowMs();
    return {
      oldestUnhandledMs: now - Math.min(now, ...states.map(({ oldestMs }) => oldestMs ?? now)),
      brokerSilentMs: this.watchdog.silentMs(),
      store: this.housekeeping.measured,
      assigned: states.map(({ topic, partition }) => ({ topic, partition })),
      claiming: states.filter(({ isReading }) => !isReading).length,
      hasJoined: this.partitions.hasJoined,
      jobsAtWork: this.engine.jobsAtWork,
      destinations: this.engine.destinations(),
      isPaused: this.ports.switches.isPaused,
      areEffectsHeld: this.ports.switches.areEffectsHeld,
    };
  }

  /**
   * Takes an event that came over the agent's own endpoint; it is handled from the pending table, at once unless the
   * agent is paused. Rejects like `takeEvent`.
   */
  async take(offered: OfferedEvent): Promise<TakenEvent> {
    const { transactions, store, context } = this.ports;
    const taken = await transactions.run(() => takeEvent(offered, store, context));
    this.engine.wake();
    return taken;
  }

  /** Looks at the kill switches now instead of when the database tells that they changed. */
  async followSwitches(): Promise<void> {
    if (!(await this.ports.switches.refresh())) return;
    this.partitions.followSwitches();
    this.engine.wake();
    this.orders.forRedrives.ring();
  }

  private tasks(): PeriodicTask[] {
    return [
      [VERIFY_EVERY_MS, async () => this.partitions.verifyIdle()],
      [SWITCHES_EVERY_MS, () => this.followSwitches(), this.orders.forSwitches],
      [PARKED_EVERY_MS, () => this.countParked()],
      ...this.redriving(),
      [WATCH_EVERY_MS, () => this.watchdog.tick()],
      [SHOW_EVERY_MS, async () => this.engine.measure()],
    ];
  }

  private async countParked(): Promise<void> {
    if (await this.ports.parked.lookNowAndThen(this.ports)) this.partitions.followSwitches();
  }

  private redriving(): PeriodicTask[] {
    const { operator, clock } = this.outside;
    if (!operator) return [];
    const worker = new RedriveWorker(operator, this.registry, clock, this.ports.switches);
    return [[() => worker.pauseMs, () => worker.step(), this.orders.forRedrives]];
  }

  /** Looks up partition counts before the first transaction, so that none waits for the broker. */
  private async knowPartitions(): Promise<void> {
    const own = agentTopics(this.ports.context.agent.name).map(({ topic }) => topic);
    const topics = new Set([...[...catalogue.values()].map(({ topic }) => topic), ...own]);
    await Promise.allSettled([...topics].map((topic) => this.outside.producer.partitionCount(topic)));
  }

  /** What the agent reads. */
  private topics(): string[] {
    return [...this.registry.topics, ...this.retryTopics()];
  }

  /** A deciding agent's own retry topics; a connector retries from the database alone. */
  private retryTopics(): string[] {
    const { agent } = this.ports.context;
    const delays = Object.keys(retryDelaysMs) as (keyof typeof retryDelaysMs)[];
    return agent.handlers.some(({ kind }) => kind === 'decide')
      ? delays.map((delay) => retryTopic(agent.name, delay))
      : [];
  }

  private workerFor(topic: string): ChunkWorker {
    return this.retryTopics().includes(topic)
      ? new WakeUpWorker(this.ports, this.wakeUps)
      : new EventWorker(this.ports);
  }
}

/** What a connector and what a deciding agent keep in the pending table. */
const pendingKinds = ({ agent }: Registry): PendingKind[] => {
  const kinds = new Set(agent.handlers.map(({ kind }) => kind));
  const decides = kinds.has('decide') || kinds.has('timer');
  return [
    ...(kinds.has('perform') ? (['job'] as const) : []),
    ...(decides ? (['retry', 'parked', 'redrive', 'timer'] as const) : []),
  ];
};
