import type { IncomingRecord, TopicPartition } from '../ports/records.js';
import type { RawRecord } from '../ports/store.js';

/** A record with the place it came from. */
export const rawRecord = ({ topic, partition }: TopicPartition, record: IncomingRecord): RawRecord => ({
  topic,
  partition,
  offset: record.offset,
  timestampMs: record.timestampMs,
  key: record.key,
  value: record.value,
  headers: record.headers,
});
