import type { ActEnd, PendingPostponement, PendingSettlement, QueueOfKey } from '../ports/store.js';

/** A queue that needs a head once the settlement is written. */
export interface WorkedQueue extends QueueOfKey {
  /** Whether its key is free when nothing is left in it. */
  readonly isReleased: boolean;
  /** Whether all of it was worked: nothing is left that could head it. */
  readonly isEmpty: boolean;
}

/** What a transaction makes of the rows it has taken, collected while it decides. */
export class Settlement implements PendingSettlement {
  readonly ended: bigint[] = [];
  readonly postponed: PendingPostponement[] = [];
  readonly queuedTimers: bigint[] = [];
  readonly stoodBack: bigint[] = [];
  readonly acts: ActEnd[] = [];
  readonly queues: WorkedQueue[] = [];
}
