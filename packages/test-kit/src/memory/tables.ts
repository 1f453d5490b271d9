import type {
  DeadLetter,
  LastRecord,
  PendingKind,
  RawRecord,
  StateKey,
  TimerCause,
  TopicPartition,
} from '@signalbox/agent-kit';
import { Table } from './table.js';

export interface ProgressRow extends TopicPartition {
  readonly nextOffset: bigint;
  readonly epoch: bigint;
  readonly owner: string | null;
  readonly claimedOffset: bigint | null;
  readonly claims: number;
  readonly suspectOffset: bigint | null;
  readonly suspectMarks: number;
  readonly last?: LastRecord;
}

export interface InboxEntry {
  readonly identity: string;
  readonly fingerprint: string;
  readonly outcome: 'taken' | 'skipped';
}

export interface StoredKey extends StateKey {
  readonly state: string | null;
  readonly stateVersion: number;
  readonly blocked: boolean;
  readonly lastChunk: bigint;
  readonly lastOwner: string | null;
}

export interface StoredOutbox extends TopicPartition {
  readonly id: bigint;
  readonly chunk: bigint;
  readonly owner: string;
  readonly origin: TopicPartition | null;
  readonly encoded: Buffer;
  readonly createdMs: number;
}

/** Times are milliseconds since 1970: due and claim in the agent's clock, the lease in the database's. */
export interface StoredPending {
  readonly id: bigint;
  readonly sequence: bigint;
  readonly kind: PendingKind;
  readonly handle: string | null;
  readonly handler: string;
  readonly key: StateKey;
  readonly source: string;
  readonly eventId: string;
  readonly dueMs: number | null;
  readonly claimMs: number | null;
  readonly isOrdered: boolean;
  readonly isQueued: boolean;
  readonly redrives: number;
  readonly starts: number;
  readonly attempts: number;
  readonly leaseToken: string | null;
  readonly leaseUntilMs: number | null;
  readonly firstFailedMs: number | null;
  readonly lastFailedMs: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly destination: string | null;
  readonly timer: { readonly name: string; readonly payload: unknown; readonly setBy: TimerCause } | null;
  readonly record: RawRecord | null;
}

export interface StoredDeadLetter extends DeadLetter {
  readonly id: bigint;
}

export interface LedgerRow {
  readonly idempotencyKey: string;
  readonly token: string;
  readonly status: 'started' | 'done' | 'failed' | 'given_up';
  readonly outcome: string | null;
  readonly attempt: number;
}

export interface SweeperRow {
  readonly owner: string | null;
  readonly leaseUntilMs: number;
}

export const placeId = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
export const stateKeyId = ({ kind, value }: StateKey): string => `${kind}\n${value}`;

/** A key of which nothing is known yet; `id` as `stateKeyId` gives it. */
export function newKeyRow(id: string): StoredKey {
  const [kind = '', value = ''] = id.split('\n');
  return { kind, value, state: null, stateVersion: 0, blocked: false, lastChunk: 0n, lastOwner: null };
}

/** The kit's tables. */
export const createTables = () => ({
  progress: new Table<ProgressRow>('progress', placeId),
  inbox: new Table<InboxEntry>('inbox', ({ identity }) => identity),
  keys: new Table<StoredKey>('key', stateKeyId),
  outbox: new Table<StoredOutbox>('outbox', ({ id }) => String(id)),
  pending: new Table<StoredPending>('pending', ({ id }) => String(id)),
  deadLetters: new Table<StoredDeadLetter>('dead-letter', ({ id }) => String(id)),
  ledger: new Table<LedgerRow>('ledger', ({ idempotencyKey }) => idempotencyKey),
  sweeper: new Table<SweeperRow>('sweeper', () => 'one'),
});
