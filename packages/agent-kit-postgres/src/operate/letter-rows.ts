import type { BlockedKey, LetterFilter, LetterGroup, RedriveRun, StoredLetter } from '@signalbox/agent-kit';
import { headersFromText } from '../headers.js';

export interface LetterRecord {
  readonly id: string;
  readonly sequence: string;
  readonly status: StoredLetter['status'];
  readonly handler: string | null;
  readonly key_kind: string | null;
  readonly key_value: string | null;
  readonly source: string | null;
  readonly event_id: string | null;
  readonly event_type: string | null;
  readonly correlation_id: string | null;
  readonly error_code: string;
  readonly error_message: string;
  readonly fingerprint: string;
  readonly attempts: number;
  readonly redrives: number;
  readonly first_failed_at: Date;
  readonly last_failed_at: Date;
  readonly code_version: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp_ms: string;
  readonly record_key: Buffer | null;
  readonly record_value: Buffer | null;
  readonly record_headers: string;
  readonly edited_value: Buffer | null;
  readonly edits: number;
  readonly edited_by: string | null;
  readonly edited_at: Date | null;
  readonly settled_by: string | null;
  readonly settled_why: string | null;
  readonly settled_at: Date | null;
  readonly created_at: Date;
}

export const letterOf = (row: LetterRecord): StoredLetter => ({
  id: BigInt(row.id),
  sequence: BigInt(row.sequence),
  status: row.status,
  handler: row.handler,
  key: row.key_kind === null || row.key_value === null ? null : { kind: row.key_kind, value: row.key_value },
  source: row.source,
  eventId: row.event_id,
  eventType: row.event_type,
  correlationId: row.correlation_id,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  fingerprint: row.fingerprint,
  attempts: row.attempts,
  redrives: row.redrives,
  firstFailedAt: row.first_failed_at,
  lastFailedAt: row.last_failed_at,
  codeVersion: row.code_version,
  record: {
    topic: row.topic,
    partition: row.partition,
    offset: BigInt(row.offset),
    timestampMs: Number(row.timestamp_ms),
    key: row.record_key,
    value: row.record_value,
    headers: headersFromText(row.record_headers),
  },
  edits: row.edits,
  edit:
    row.edited_value && row.edited_at
      ? { value: row.edited_value, by: row.edited_by ?? '', at: row.edited_at }
      : null,
  settled: row.settled_at ? { by: row.settled_by ?? '', why: row.settled_why, at: row.settled_at } : null,
  createdAt: row.created_at,
});

export interface GroupRecord {
  readonly fingerprint: string;
  readonly count: number;
  readonly error_code: string;
  readonly error_message: string;
  readonly handler: string | null;
  readonly event_type: string | null;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly newest_id: string;
}

export const groupOf = (row: GroupRecord): LetterGroup => ({
  fingerprint: row.fingerprint,
  count: row.count,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  handler: row.handler,
  eventType: row.event_type,
  firstAt: row.first_at,
  lastAt: row.last_at,
  newestId: BigInt(row.newest_id),
});

export interface RunRecord {
  readonly id: string;
  readonly selection: string;
  readonly last_id: string;
  readonly at_id: string;
  readonly rate_per_s: number;
  readonly letters_max: number;
  readonly total: number;
  readonly redriven: number;
  readonly refused: number;
  readonly last_refusal: string | null;
  readonly status: RedriveRun['status'];
  readonly asked_by: string;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

export const runOf = (row: RunRecord): RedriveRun => ({
  id: BigInt(row.id),
  filter: filterFromText(row.selection),
  ratePerS: row.rate_per_s,
  lettersMax: row.letters_max,
  total: row.total,
  redriven: row.redriven,
  refused: row.refused,
  lastRefusal: row.last_refusal,
  status: row.status,
  askedBy: row.asked_by,
  atId: BigInt(row.at_id),
  lastId: BigInt(row.last_id),
  createdAt: row.created_at,
  endedAt: row.ended_at,
});

export const filterToText = (filter: LetterFilter): string => JSON.stringify(filter);

function filterFromText(text: string): LetterFilter {
  const { from, to, ...rest } = JSON.parse(text) as Omit<LetterFilter, 'from' | 'to'> & {
    readonly from?: string;
    readonly to?: string;
  };
  return { ...rest, ...(from ? { from: new Date(from) } : {}), ...(to ? { to: new Date(to) } : {}) };
}

export interface KeyRecord {
  readonly kind: string;
  readonly value: string;
  readonly waiting: number;
  readonly next_at: Date | null;
  readonly handler: string | null;
  readonly event_id: string | null;
  readonly attempts: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly since: Date | null;
}

export const blockedKeyOf = (row: KeyRecord): BlockedKey => ({
  kind: row.kind,
  value: row.value,
  since: row.since,
  waiting: row.waiting,
  nextAttemptAt: row.next_at,
  head:
    row.event_id === null
      ? null
      : { handler: row.handler ?? '', eventId: row.event_id, attempts: row.attempts ?? 0 },
  errorCode: row.error_code,
  errorMessage: row.error_message,
});
