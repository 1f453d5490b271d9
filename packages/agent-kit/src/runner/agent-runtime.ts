import { agentTopics, catalogue, retryDelaysMs, retryTopic } from '@signalbox/contracts';
import { setMaxListeners } from 'node:events';
import { FORGOTTEN_NOTE } from '../chunk/inbox.step.js';
import type { StepContext } from '../chunk/context.js';
import type { AgentDefinition } from '../handlers.js';
import { AcknowledgedRows } from '../outbox/acknowledged.js';
import { OutboxPublisher } from '../outbox/outbox-publisher.js';
import { KillSwitches } from '../operate/kill-switches.js';
import type { OperatorStore } from '../operate/operator-store.js';
import { RedriveWorker } from '../operate/redrive-worker.js';
import type { DestinationStatus } from '../pending/destination.js';
import { ParkedLimits } from '../pending/parked-limits.js';
import { PendingEngine } from '../pending/pending-engine.js';
import type { Clock, Random } from '../ports/clock.js';
import type { RecordConsumer, RecordProducer, TopicInspector, TopicPartition } from '../ports/records.js';
import type { PendingKind, Store } from '../ports/store.js';
import type { StoreMeasures, Upkeep } from '../ports/upkeep.js';
import { createRegistry, type Registry } from '../registry.js';
import { QuietLog, type RuntimeLog } from './log.js';
import type { ChunkWorker } from './chunk-worker.js';
import { Housekeeping } from './housekeeping.js';
import { Measures, type RuntimeMetrics } from './measures.js';
import { EventWorker } from './event-worker.js';
import { PartitionRunner, type RunnerState } from './partition-runner.js';
import { publishForeign } from './claim-partition.js';
import type { RunnerPorts } from './ports.js';
import { keepRefused } from './refused.js';
import { Semaphore } from './semaphore.js';
import { WakeUpWorker } from './wake-up-worker.js';
import { Watchdog } from './watchdog.js';

const DRAIN_MS = 5_000;
/** Loops that listen for the one signal to stop; more are worth a warning. */
const LOOPS_MAX = 32;
const FLUSH_EVERY_MS = 200;
const SWEEP_EVERY_MS = 5_000;
const SWEEP_OLDER_MS = 10_000;
const SWEEP_LEASE_MS = 15_000;
const SWEEP_ROWS_MAX = 500;
const VERIFY_EVERY_MS = 60_000;
const SWITCHES_EVERY_MS = 500;
const REDRIVE_EVERY_MS = 250;
const WATCH_EVERY_MS = 5_000;

export interface AgentRuntimePorts {
  /** This process's name in claims, leases and outbox rows: a UUID, made anew at each start; the store has the same. */
  readonly instance: string;
  readonly store: Store;
  readonly producer: RecordProducer;
  readonly consumer: RecordConsumer;
  readonly inspector: TopicInspector;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: RuntimeLog;
  /** Transactions open at once, at most; keep it below the pool's size. */
  readonly transactionsMax: number;
  /** Kill switches and redrives; left out: there are none. */
  readonly operator?: OperatorStore;
  /** Outside acts begun in any hour, at most; left out: no cap. */
  readonly effectsPerHourMax?: number;
  /** Cleaning and measuring; left out: neither is done. */
  readonly upkeep?: Upkeep;
  readonly metrics?: RuntimeMetrics;
  /** How long ids of handled events are kept, in milliseconds; default 30 days. */
  readonly inboxWindowMs?: number;
  /** The client stopped for good, or nothing moves although all is well: the process should end. */
  readonly onFatal: (error: Error) => void;
}

/** What a person or a health check wants to know of a running agent. */
export interface AgentStatus {
  readonly assigned: readonly TopicPartition[];
  /** Partitions assigned and not yet claimed. */
  readonly claiming: number;
  readonly hasJoined: boolean;
  readonly jobsAtWork: number;
  /** Receivers a connector calls now or leaves alone, as this process sees them. */
  readonly destinations: readonly DestinationStatus[];
  /** Paused by a person: a member of its group that reads and begins nothing. */
  readonly isPaused: boolean;
  readonly areEffectsHeld: boolean;
  /** Age of the oldest record that was fetched and is not handled, in milliseconds; 0 when there is none. */
  readonly oldestUnhandledMs: number;
  /** How long the broker has given no answer to a fetch, in milliseconds; 0 while nothing is to be fetched. */
  readonly brokerSilentMs: number;
  /** What waits in the database, as of the last look; undefined before the first. */
  readonly store: StoreMeasures | undefined;
}

/** One agent in one process: reads its topics, handles events exactly once, works off its pending table. */
export class AgentRuntime {
  private readonly runners = new Map<string, PartitionRunner>();
  private readonly ports: RunnerPorts;
  private readonly engine: PendingEngine;
  private readonly parked = new ParkedLimits();
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private handover: Promise<void> = Promise.resolve();
  private hasJoined = false;
  private readonly watchdog: Watchdog;
  private readonly housekeeping: Housekeeping;

  constructor(
    agent: AgentDefinition,
    private readonly outside: AgentRuntimePorts,
  ) {
    const { clock, random, log, store, producer, instance } = outside;
    const measures = new Measures(outside.metrics);
    const context: StepContext = {
      agent,
      registry: createRegistry(agent),
      instance,
      clock,
      producer,
      forgotten: { until: null },
      onHandled: (entries) => {
        measures.outcomes(entries);
        const skipped = entries.filter(({ note }) => note === FORGOTTEN_NOTE);
        if (skipped.length === 0) return;
        const fields = { events: skipped.length, first: skipped[0]?.event_id };
        quiet.warn('forgotten', fields, 'Events were skipped whose ids may have been forgotten');
      },
    };
    const quiet = new QuietLog(log, () => clock.monotonicMs());
    const publisher: OutboxPublisher = new OutboxPublisher({
      producer,
      clock,
      random,
      log: quiet,
      onRefused: (refused) => keepRefused(refused, this.ports),
      onTrouble: () => measures.trouble('publish'),
    });
    this.ports = {
      context,
      store,
      consumer: outside.consumer,
      inspector: outside.inspector,
      publisher,
      acknowledged: new AcknowledgedRows(),
      random,
      log,
      quiet,
      transactions: new Semaphore(outside.transactionsMax),
      suspects: new Semaphore(1),
      switches: new KillSwitches(outside.operator, outside.effectsPerHourMax),
      measures,
      parked: this.parked,
      wakePending: () => this.engine.wake(),
    };
    const states = (): RunnerState[] => [...this.runners.values()].map((runner) => runner.state());
    this.watchdog = new Watchdog(this.ports, states, outside.onFatal);
    this.housekeeping = new Housekeeping(this.ports, outside.upkeep, states, outside.inboxWindowMs);
    this.engine = new PendingEngine(this.ports, pendingKinds(context.registry));
  }

  /** This process's name in claims and activity. */
  get instance(): string {
    return this.ports.context.instance;
  }

  /** What the agent is made of, checked. */
  get registry(): Registry {
    return this.ports.context.registry;
  }

  async start(): Promise<void> {
    const { agent, registry } = this.ports.context;
    await this.ports.switches.refresh();
    await this.housekeeping.start();
    await this.outside.producer.connect();
    await this.knowPartitions();
    await this.engine.start();
    await this.outside.consumer.start(agent.name, [...registry.topics, ...this.retryTopics()], {
      onAssigned: (partitions) => this.assign(partitions),
      onRevoked: () => this.revoke(),
      onBatch: (batch) => this.runners.get(idOf(batch))?.offer(batch),
      onFetch: () => this.watchdog.fetched(),
      onCrash: (error) => this.outside.onFatal(error),
      onPositionLost: (partition) => this.runners.get(idOf(partition))?.requestVerify(),
    });
    setMaxListeners(LOOPS_MAX, this.stopping.signal);
    this.loops.push(
      this.every(FLUSH_EVERY_MS, () => this.flush()),
      this.every(SWEEP_EVERY_MS, () => this.sweep()),
      this.every(VERIFY_EVERY_MS, () => this.verify()),
      this.every(SWITCHES_EVERY_MS, () => this.followSwitches().then(() => this.countParked())),
      this.every(REDRIVE_EVERY_MS, this.redriving()),
      this.every(WATCH_EVERY_MS, () => this.watchdog.tick()),
      ...this.housekeeping.tasks.map(([periodMs, task]) => this.every(periodMs, task)),
    );
  }

  /** Finishes what is at work, lets go of the partitions and leaves the group; at most about 10 s. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.revoke(), this.engine.stop(DRAIN_MS)]);
    await this.outside.consumer.stop();
    this.ports.publisher.stop();
    await Promise.allSettled(this.loops);
    await this.flush().catch(() => undefined); // what stays is published again by the next owner
    await Promise.all([this.outside.producer.close(), this.outside.inspector.close()]);
  }

  status(): AgentStatus {
    const runners = [...this.runners.values()];
    const now = this.outside.clock.nowMs();
    return {
      oldestUnhandledMs: now - Math.min(now, ...runners.map((runner) => runner.state().oldestMs ?? now)),
      brokerSilentMs: this.watchdog.silentMs(),
      store: this.housekeeping.measured,
      assigned: runners.map(({ partition }) => partition),
      claiming: runners.filter(({ isReading }) => !isReading).length,
      hasJoined: this.hasJoined,
      jobsAtWork: this.engine.jobsAtWork,
      destinations: this.engine.destinations(),
      isPaused: this.ports.switches.isPaused,
      areEffectsHeld: this.ports.switches.areEffectsHeld,
    };
  }

  /** Looks at the kill switches now instead of within half a second. */
  async followSwitches(): Promise<void> {
    if (!(await this.ports.switches.refresh())) return;
    for (const runner of this.runners.values()) runner.followSwitches();
    this.engine.wake();
  }

  private async countParked(): Promise<void> {
    if (!(await this.parked.look(this.ports))) return;
    for (const runner of this.runners.values()) runner.followSwitches();
  }

  private redriving(): () => Promise<void> {
    const { operator, clock } = this.outside;
    if (!operator) return () => Promise.resolve();
    const worker = new RedriveWorker(operator, this.registry, clock, this.ports.switches);
    return () => worker.step();
  }

  /** Looks up partition counts before the first transaction, so that none waits for the broker. */
  private async knowPartitions(): Promise<void> {
    const own = agentTopics(this.ports.context.agent.name).map(({ topic }) => topic);
    const topics = new Set([...[...catalogue.values()].map(({ topic }) => topic), ...own]);
    await Promise.allSettled([...topics].map((topic) => this.outside.producer.partitionCount(topic)));
  }

  private assign(partitions: readonly TopicPartition[]): void {
    this.handover = this.handover.then(() => {
      if (this.stopping.signal.aborted) return;
      this.hasJoined = true;
      this.watchdog.fetched(); // time begins now
      for (const partition of partitions) {
        if (this.runners.has(idOf(partition))) continue;
        const runner = new PartitionRunner(partition, this.ports, this.workerFor(partition.topic));
        this.runners.set(idOf(partition), runner);
        runner.start();
      }
    });
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
    return this.retryTopics().includes(topic) ? new WakeUpWorker(this.ports) : new EventWorker(this.ports);
  }

  private revoke(): Promise<void> {
    this.handover = this.handover.then(async () => {
      this.hasJoined = false;
      const runners = [...this.runners.values()];
      this.runners.clear();
      await Promise.all(runners.map((runner) => runner.stop(DRAIN_MS)));
      await this.flush().catch(() => undefined); // deleted later or published twice, which the receivers' inbox removes
      const partitions = runners.map(({ partition }) => partition);
      await this.ports.store.release(partitions).catch(() => undefined); // counts as a crash then
    });
    return this.handover;
  }

  private async flush(): Promise<void> {
    const ids = this.ports.acknowledged.take();
    if (ids.length === 0) return;
    try {
      await this.ports.store.deleteOutbox(ids);
    } catch (error) {
      this.ports.acknowledged.putBack(ids);
      throw error;
    }
  }

  private async sweep(): Promise<void> {
    await publishForeign(
      await this.ports.store.outboxToSweep(SWEEP_OLDER_MS, SWEEP_LEASE_MS, SWEEP_ROWS_MAX),
      this.ports,
    );
  }

  private verify(): Promise<void> {
    for (const runner of this.runners.values()) if (!runner.hasWork) runner.requestVerify();
    return Promise.resolve();
  }

  private async every(periodMs: number, task: () => Promise<void>): Promise<void> {
    const { clock } = this.outside;
    while (!this.stopping.signal.aborted) {
      await clock.sleep(periodMs, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      await task().catch((error: unknown) => {
        this.ports.measures.trouble('upkeep');
        this.ports.quiet.warn('upkeep', { error: String(error) }, 'Upkeep failed; trying again');
      });
    }
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

const idOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
