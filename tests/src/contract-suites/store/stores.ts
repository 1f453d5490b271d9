import type {
  ChunkWrites,
  ClaimDueRequest,
  DeadLetter,
  PendingInsert,
  PendingKind,
  PendingSettlement,
  RawRecord,
  StateKey,
  Store,
  StoreTransaction,
  TimerWrite,
} from '@signalbox/agent-kit';
import { createHash, randomUUID } from 'node:crypto';

/** Stores of several processes on one database of their own. */
export interface StoreFactory {
  open(instance: string): Store;
  /** Deletes what the cases before have written. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Two processes on one database, made before the cases of a suite and emptied before each of them. */
export interface Stores {
  readonly a: Store;
  readonly b: Store;
}

export const processA = 'aaaaaaaa-0000-4000-8000-000000000000';
export const processB = 'bbbbbbbb-0000-4000-8000-000000000000';
export const partition = { topic: 'orders', partition: 0 };

export const hash = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, 16);

export const record: RawRecord = {
  ...partition,
  offset: 7n,
  timestampMs: 1_700_000_000_000,
  key: Buffer.from('k'),
  value: Buffer.from([0, 255, 1]),
  headers: { h: Buffer.from([9, 0, 200]) },
};

const nothing: Omit<ChunkWrites, 'chunk'> = {
  origin: partition,
  keys: [],
  pending: [],
  timers: [],
  deadLetters: [],
  outbox: [],
  acknowledged: [],
};
const unsettled: PendingSettlement = { ended: [], postponed: [], queuedTimers: [], stoodBack: [], acts: [] };

/** Runs in a transaction that is committed. */
export async function inTransaction<T>(store: Store, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
  const tx = await store.begin();
  try {
    const result = await work(tx);
    await tx.commit();
    return result;
  } catch (error) {
    await tx.rollback();
    throw error;
  }
}

/** Writes as a chunk does. */
export function write(store: Store, writes: Partial<ChunkWrites>): Promise<readonly bigint[]> {
  return inTransaction(store, async (tx) => {
    const { chunk } = await tx.openChunk();
    return tx.write({ ...nothing, chunk, ...writes });
  });
}

export const settle = (store: Store, settlement: Partial<PendingSettlement>): Promise<void> =>
  inTransaction(store, (tx) => tx.settlePending({ ...unsettled, ...settlement }));

/** Everything of these kinds that is due. */
export const due = (...kinds: PendingKind[]): ClaimDueRequest => ({
  kinds,
  limit: 10,
  leaseMs: 60_000,
  timersUntil: new Date(8.64e14),
  exceptDestinations: [],
  jobsPerDestinationMax: 10,
});

export const longAgo = new Date(0);
export const keyOf = (value: string): StateKey => ({ kind: 'order', value });

/** An event of a key that failed, or waits behind one that did. */
export const waiting = (
  kind: 'retry' | 'parked' | 'redrive',
  value: string,
  eventId: string,
  more: Partial<PendingInsert> = {},
): PendingInsert => ({
  kind,
  handle: randomUUID(),
  handler: 'place',
  key: keyOf(value),
  source: 's',
  eventId,
  dueAt: kind === 'parked' ? null : longAgo,
  claimAt: kind === 'parked' ? null : longAgo,
  attempts: kind === 'parked' ? 0 : 1,
  isOrdered: true,
  record,
  ...more,
});

export const job = (value: string, eventId: string, more: Partial<PendingInsert> = {}): PendingInsert => ({
  ...waiting('retry', value, eventId),
  kind: 'job',
  handler: 'send',
  key: { kind: 'handler:send', value },
  attempts: 0,
  destination: 'd',
  ...more,
});

export const timer = (value: string, name: string, dueAt = longAgo): TimerWrite => ({
  action: 'set',
  key: keyOf(value),
  name,
  dueAt,
  payload: { of: name },
  setBy: { source: 's', eventId: `set ${name}`, correlationId: 'c', hops: 3 },
});
export const cancelled = (value: string, name: string): TimerWrite => ({
  action: 'cancel',
  key: keyOf(value),
  name,
});

/** Makes the rows of keys, as every insert of pending work finds them. */
export const makeKeys = (store: Store, ...values: string[]): Promise<unknown> =>
  inTransaction(store, (tx) => tx.lockKeys(values.map(keyOf)));

export const letter = (fingerprint: string): DeadLetter => ({
  handler: 'place',
  key: keyOf('k'),
  source: 's',
  eventId: `of ${fingerprint}`,
  eventType: 'orders',
  correlationId: 'c',
  errorCode: 'handler_failed',
  errorMessage: 'broken',
  fingerprint,
  attempts: 6,
  redrives: 0,
  firstFailedAt: longAgo,
  lastFailedAt: longAgo,
  codeVersion: '1',
  record,
});

export const idsOf = (rows: readonly { readonly eventId: string }[]): string[] =>
  rows.map(({ eventId }) => eventId);
