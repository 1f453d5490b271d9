import type { StepContext } from '../chunk/context.js';
import type { AcknowledgedRows } from '../outbox/acknowledged.js';
import type { OutboxPublisher } from '../outbox/outbox-publisher.js';
import type { KillSwitches } from '../operate/kill-switches.js';
import type { ParkedLimits } from '../pending/parked-limits.js';
import type { Random } from '../ports/clock.js';
import type { RecordConsumer, TopicInspector } from '../ports/records.js';
import type { Store } from '../ports/store.js';
import type { QuietLog, RuntimeLog } from './log.js';
import type { Measures } from './measures.js';
import type { Semaphore } from './semaphore.js';

/** What the runners of one agent share. */
export interface RunnerPorts {
  readonly context: StepContext;
  readonly store: Store;
  readonly consumer: RecordConsumer;
  readonly inspector: TopicInspector;
  readonly publisher: OutboxPublisher;
  readonly acknowledged: AcknowledgedRows;
  readonly random: Random;
  readonly log: RuntimeLog;
  readonly quiet: QuietLog;
  /** Bounds open transactions below the pool's size. */
  readonly transactions: Semaphore;
  /** Lets one suspect at a time run in this process. */
  readonly suspects: Semaphore;
  /** Whether the agent may read and act. */
  readonly switches: KillSwitches;
  readonly measures: Measures;
  /** Whether too many events wait behind failed ones; left out: nobody counts. */
  readonly parked?: ParkedLimits;
  /** Has the pending table looked at now: rows of it are due earlier than they were. */
  readonly wakePending: () => void;
}
