import type { CommittedRow } from '../outbox/committed-row.js';
import type { TopicPartition } from '../ports/records.js';
import type { Claim } from '../ports/store.js';
import type { QueuedChunk } from './record-queue.js';

/** The part of a claimed partition that is to be worked off now. */
export interface ClaimedChunk {
  readonly partition: TopicPartition;
  readonly claim: Claim;
  /** Progress before the chunk; `taken.next` is the progress after it. */
  readonly from: bigint;
  readonly taken: QueuedChunk;
}

export interface WorkSignals {
  /** The partition is being let go of: do not begin anything new, do not wait for anything. */
  readonly closing: AbortSignal;
  /** Time is up: give up. */
  readonly stopping: AbortSignal;
  /** Called for each failure that waiting can cure: a sign of life without progress. */
  readonly onTrouble?: () => void;
}

/** What is done with the records of a partition: events are handled, wake-ups of retry topics wait until they are due. */
export interface ChunkWorker {
  /** Records taken at once, at most. */
  readonly recordsMax: number;
  /** Records stand still until they are due: neither their age nor their silence says anything. */
  readonly waitsOnPurpose: boolean;
  /** Brings the progress from `from` to `taken.next`, or throws; rows to publish are handed over as they are committed. */
  work(
    chunk: ClaimedChunk,
    signals: WorkSignals,
    onCommitted: (rows: readonly CommittedRow[]) => void,
  ): Promise<void>;
}
