import type { DestinationStatus } from '../pending/destination.js';
import type { OperatorStore } from '../operate/operator-store.js';
import type { Clock, Random } from '../ports/clock.js';
import type { RecordConsumer, RecordProducer, TopicInspector, TopicPartition } from '../ports/records.js';
import type { Store } from '../ports/store.js';
import type { StoreMeasures, Upkeep } from '../ports/upkeep.js';
import type { RuntimeLog } from './log.js';
import type { RuntimeMetrics } from './measures.js';

/** What an agent needs of the world outside. */
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
  /** The client stopped for good, or nothing moves although all is well (`process_stuck`): the process should end. */
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
