import type { OutgoingRecord, TopicPartition } from '../ports/records.js';

/** An outbox row whose records are still in memory. It goes out once its transaction is committed, never before. */
export interface CommittedRow extends TopicPartition {
  readonly id: bigint;
  readonly records: readonly OutgoingRecord[];
}
