import type { Claim, KeyRow, OutboxRow, PendingRow, TimerCause } from '@signalbox/agent-kit';
import { headersFromText } from './headers.js';

// What pg gives for each type: bigint as text, timestamptz as Date, bytea as Buffer, uuid as text.

export interface ProgressRecord {
  readonly next_offset: string;
  readonly epoch: string;
  readonly claims: number;
  readonly last_offset: string | null;
  readonly last_timestamp_ms: string | null;
  readonly last_hash: Buffer | null;
}

export function claimOf(row: ProgressRecord): Claim {
  const claim = {
    nextOffset: BigInt(row.next_offset),
    epoch: BigInt(row.epoch),
    claimsUnchanged: row.claims,
  };
  const { last_offset: offset, last_timestamp_ms: timestampMs, last_hash: hash } = row;
  if (offset === null || timestampMs === null || hash === null) return claim;
  return { ...claim, last: { offset: BigInt(offset), timestampMs: Number(timestampMs), hash } };
}

export interface KeyRecord {
  readonly kind: string;
  readonly value: string;
  readonly state: string | null;
  readonly state_version: number;
  readonly blocked: boolean;
  readonly last_chunk: string;
  readonly last_owner: string | null;
}

export const keyRowOf = (row: KeyRecord): KeyRow => ({
  kind: row.kind,
  value: row.value,
  state: row.state,
  stateVersion: row.state_version,
  blocked: row.blocked,
  lastChunk: BigInt(row.last_chunk),
  lastOwner: row.last_owner,
});

export interface OutboxRecord {
  readonly id: string;
  readonly chunk: string;
  readonly owner: string;
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer;
}

export const outboxRowOf = (row: OutboxRecord): OutboxRow => ({
  id: BigInt(row.id),
  chunk: BigInt(row.chunk),
  owner: row.owner,
  topic: row.topic,
  partition: row.partition,
  encoded: row.records,
});

export interface PendingRecord {
  readonly id: string;
  readonly sequence: string;
  readonly kind: PendingRow['kind'];
  readonly handle: string | null;
  readonly handler: string | null;
  readonly is_ordered: boolean;
  readonly is_queued: boolean;
  readonly redrives: number;
  readonly key_kind: string;
  readonly key_value: string;
  readonly source: string;
  readonly event_id: string;
  readonly starts: number;
  readonly attempts: number;
  readonly due_at: Date;
  readonly first_failed_at: Date | null;
  readonly lease_token: string | null;
  readonly destination: string | null;
  readonly timer_name: string | null;
  readonly timer_payload: string | null;
  readonly timer_set_by: string | null;
  readonly topic: string | null;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp_ms: string;
  readonly record_key: Buffer | null;
  readonly record_value: Buffer | null;
  readonly record_headers: string;
}

export const pendingRowOf = (row: PendingRecord): PendingRow => ({
  id: BigInt(row.id),
  sequence: BigInt(row.sequence),
  kind: row.kind,
  handle: row.handle,
  handler: row.handler ?? '',
  isOrdered: row.is_ordered,
  isQueued: row.is_queued,
  redrives: row.redrives,
  key: { kind: row.key_kind, value: row.key_value },
  source: row.source,
  eventId: row.event_id,
  starts: row.starts,
  attempts: row.attempts,
  dueAt: row.due_at,
  firstFailedAt: row.first_failed_at,
  lease: { id: BigInt(row.id), token: row.lease_token ?? '' },
  record: recordOf(row),
  timer: timerOf(row),
  destination: row.destination,
});

function recordOf(row: PendingRecord): PendingRow['record'] {
  if (row.topic === null) return null;
  return {
    topic: row.topic,
    partition: row.partition,
    offset: BigInt(row.offset),
    timestampMs: Number(row.timestamp_ms),
    key: row.record_key,
    value: row.record_value,
    headers: headersFromText(row.record_headers),
  };
}

function timerOf(row: PendingRecord): PendingRow['timer'] {
  if (row.timer_name === null) return null;
  return {
    name: row.timer_name,
    payload: JSON.parse(row.timer_payload ?? 'null') as unknown,
    setBy: {
      source: row.source,
      eventId: row.event_id,
      ...(JSON.parse(row.timer_set_by ?? '{}') as Pick<TimerCause, 'correlationId' | 'hops' | 'chain'>),
    },
  };
}
