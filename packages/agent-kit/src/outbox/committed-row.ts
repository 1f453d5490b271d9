import type { OutgoingRecord, TopicPartition } from '../ports/records.js';

/** A committed outbox row whose records are still in memory. */
export interface CommittedRow extends TopicPartition {
  readonly id: bigint;
  readonly records: readonly OutgoingRecord[];
}
