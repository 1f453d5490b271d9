import type { OutgoingRecord } from '@signalbox/agent-kit';

/** A row of the outbox that nobody has published yet. */
export interface StoredRecord {
  /** Decimal, greater for later rows. */
  readonly id: string;
  readonly eventId: string;
  readonly topic: string;
  readonly record: OutgoingRecord & { readonly key: Buffer };
}

export function storedRecord(row: Record<string, unknown>): StoredRecord {
  const { id, event_id, topic, record_key, record_value, headers } = row as Record<string, string>;
  return {
    id: id ?? '',
    eventId: event_id ?? '',
    topic: topic ?? '',
    record: {
      key: Buffer.from(record_key ?? '', 'utf8'),
      value: Buffer.from(record_value ?? '', 'base64'),
      headers: JSON.parse(headers ?? '{}') as Record<string, string>,
    },
  };
}
