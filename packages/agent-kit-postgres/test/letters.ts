import type {
  DeadLetter,
  LetterRedrive,
  PendingInsert,
  RedriveRow,
  StoredLetter,
} from '@signalbox/agent-kit';
import { createHash, randomUUID } from 'node:crypto';
import { PostgresOperator } from '../src/operate/postgres-operator.js';
import { processA, processB, storeFactory, type TestStore } from './database.js';
import { inChunk, record } from './writes.js';

export const hash = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, 16);
export const orderKey = (value: string) => ({ kind: 'order', value });
export const who = { by: 'ada', why: 'a test order' };

/** A dead letter of an event of key `k`. */
export const letterOf = (eventId: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  handler: 'place',
  key: orderKey('k'),
  source: 's',
  eventId,
  eventType: 'order.placed',
  correlationId: 'c',
  errorCode: 'handler_failed',
  errorMessage: `cannot place ${eventId}`,
  fingerprint: 'f1',
  attempts: 6,
  redrives: 0,
  firstFailedAt: new Date(1_000),
  lastFailedAt: new Date(2_000),
  codeVersion: '7',
  record,
  ...more,
});

/** How the letter goes back as the event it was. */
export function redriveOf(letter: StoredLetter, more: Partial<RedriveRow> = {}): LetterRedrive {
  const row: RedriveRow = {
    kind: 'redrive',
    handle: randomUUID(),
    handler: letter.handler ?? '',
    key: letter.key ?? orderKey('k'),
    source: letter.source ?? '',
    eventId: letter.eventId ?? '',
    isOrdered: true,
    redrives: letter.redrives + 1,
    sequence: letter.sequence,
    record: letter.record,
    destination: null,
    timer: null,
    ...more,
  };
  return { letterId: letter.id, edits: letter.edits, by: who.by, inbox: null, rows: [row] };
}

/** An event that waits in the queue of key `k`. */
export const waiting = (kind: 'retry' | 'parked', eventId: string, more: object = {}): PendingInsert => ({
  kind,
  handle: randomUUID(),
  handler: 'place',
  key: orderKey('k'),
  source: 's',
  eventId,
  dueAt: kind === 'parked' ? null : new Date(8.64e12),
  claimAt: kind === 'parked' ? null : new Date(8.64e12),
  attempts: kind === 'parked' ? 0 : 2,
  isOrdered: true,
  record,
  ...(kind === 'retry' ? { errorCode: 'handler_failed', errorMessage: 'not yet' } : {}),
  ...more,
});

/** Two operators on the tables of one agent. */
export class OperatorBench {
  private constructor(
    readonly store: TestStore,
    readonly a: PostgresOperator,
    readonly b: PostgresOperator,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<OperatorBench> {
    const factory = await storeFactory();
    const [one, two] = [factory.open(processA), factory.open(processB)];
    const operator = ({ pool }: TestStore, instance: string) =>
      new PostgresOperator({ pool, schema: 'agent', instance });
    return new OperatorBench(one, operator(one, processA), operator(two, processB), () => factory.close());
  }

  async empty(): Promise<void> {
    await this.store.pool.query(
      'TRUNCATE sb_key, sb_pending, sb_inbox, sb_dead_letter, sb_redrive, sb_ledger',
    );
  }

  /** Writes dead letters and gives them as they are kept, the oldest first. */
  async letters(...letters: readonly DeadLetter[]): Promise<StoredLetter[]> {
    await inChunk(this.store, { deadLetters: letters });
    return [...(await this.a.letters({}, { limit: 100 }))].reverse();
  }

  /** A key and what stands in its queue. */
  async queue(isBlocked: boolean, ...pending: readonly PendingInsert[]): Promise<void> {
    const tx = await this.store.store.begin();
    await tx.lockKeys([orderKey('k')]);
    await tx.commit();
    const key = { ...orderKey('k'), state: null, stateVersion: 0, changed: false, emitted: false };
    await inChunk(this.store, { keys: [{ ...key, blocked: isBlocked }], pending });
  }

  /** The queue of key `k`: who stands in it, and whether it has a time. */
  async queued(): Promise<[string, boolean][]> {
    const { rows } = await this.store.pool.query<{ event_id: string; has_time: boolean }>(
      'SELECT event_id, claim_at IS NOT NULL AS has_time FROM sb_pending ORDER BY sequence',
    );
    return rows.map(({ event_id, has_time }) => [event_id, has_time]);
  }

  async isBlocked(): Promise<boolean | undefined> {
    const { rows } = await this.store.pool.query<{ blocked: boolean }>('SELECT blocked FROM sb_key');
    return rows[0]?.blocked;
  }
}
