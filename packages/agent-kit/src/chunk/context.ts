import type { ActivityEntry } from '@signalbox/contracts';
import type { AgentDefinition } from '../handlers.js';
import type { Clock } from '../ports/clock.js';
import type { RecordProducer } from '../ports/records.js';
import type { Registry } from '../registry.js';

/** What every step may use besides the chunk itself. */
export interface StepContext {
  readonly agent: AgentDefinition;
  readonly registry: Registry;
  /** This process: owner of claims, outbox rows and leases. */
  readonly instance: string;
  readonly clock: Clock;
  /** Only for finding partitions: nothing is sent inside a transaction. */
  readonly producer: Pick<RecordProducer, 'partitionCount'>;
  /** Records written up to this time may have been handled and forgotten; null: none. Moves on while the agent runs. */
  readonly forgotten?: { until: Date | null };
  /** Told what became of events, after the commit. */
  readonly onHandled?: (entries: readonly ActivityEntry[]) => void;
  /** Told, after the commit, that there is new work in the pending table which should start at once. */
  readonly onPending?: () => void;
}
