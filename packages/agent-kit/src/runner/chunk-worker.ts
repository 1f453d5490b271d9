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

/** Told of each committed transaction: `published` resolves when its records are out or given up, and never rejects. */
export type OnCommitted = (published: Promise<void>) => void;

/** What is done with the records of a partition: events are handled, wake-ups of retry topics wait until they are due. */
export interface ChunkWorker {
  /** Records taken at once, at most. */
  readonly recordsMax: number;
  /** Records stand still until they are due: neither their age nor their silence says anything. */
  readonly waitsOnPurpose: boolean;
  /** Brings the progress from `from` to `taken.next`, or throws. */
  work(chunk: ClaimedChunk, signals: WorkSignals, onCommitted: OnCommitted): Promise<void>;
}
