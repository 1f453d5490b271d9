import type { ChunkWrites, DeadLetter, KeyWrite, PendingInsert, TimerWrite } from '@signalbox/agent-kit';
import { Blob } from './blob.js';
import { pendingChannel } from './channel.js';
import { recordColumns } from './parameters.js';
import * as deadLettersSql from './sql/dead-letters.sql.js';
import * as keysSql from './sql/keys.sql.js';
import * as outboxSql from './sql/outbox.sql.js';
import * as pendingSql from './sql/pending.sql.js';

export type Query = <R extends object>(name: string, text: string, values: unknown[]) => Promise<R[]>;

/** Everything a chunk has led to, one statement per table. Returns the outbox rows' ids in the order given. */
export async function writeChunk(
  query: Query,
  writes: ChunkWrites,
  owner: { readonly schema: string; readonly instance: string },
): Promise<bigint[]> {
  const { keys, timers, pending, deadLetters, acknowledged } = writes;
  if (keys.length > 0)
    await query('write_keys', keysSql.writeKeys, [keysJson(keys), String(writes.chunk), owner.instance]);
  await writeTimers(query, timers);
  if (pending.length > 0) await writePending(query, pending, owner.schema);
  if (deadLetters.length > 0) await writeDeadLetters(query, deadLetters);
  if (acknowledged.length > 0)
    await query('delete_outbox', outboxSql.deleteOutbox, [acknowledged.map(String)]);
  return writeOutbox(query, writes, owner.instance);
}

const keysJson = (keys: readonly KeyWrite[]): string =>
  JSON.stringify(
    keys.map(({ kind, value, state, stateVersion, changed, emitted, blocked }) => ({
      kind,
      value,
      state: changed ? state : null,
      version: stateVersion,
      changed,
      emitted,
      blocked,
    })),
  );

/** The last word on each timer of the chunk counts. */
async function writeTimers(query: Query, timers: readonly TimerWrite[]): Promise<void> {
  const last = new Map(
    timers.map((timer) => [`${timer.key.kind}\n${timer.key.value}\n${timer.name}`, timer]),
  );
  if (last.size === 0) return;
  const names = [...last.values()].map(({ key, name }) => ({
    key_kind: key.kind,
    key_value: key.value,
    name,
  }));
  const headless = await query<KeyRecord>('queues_headed_by', pendingSql.queuesHeadedBy, [
    JSON.stringify(names),
  ]);
  const cancelled = [...last.values()].filter(({ action }) => action === 'cancel');
  const set = [...last.values()].filter((timer) => timer.action === 'set');
  if (cancelled.length > 0) {
    const rows = cancelled.map(({ key, name }) => ({ key_kind: key.kind, key_value: key.value, name }));
    await query('cancel_timers', pendingSql.cancelTimers, [JSON.stringify(rows)]);
  }
  if (set.length > 0) {
    const rows = set.map(({ key, name, dueAt, payload, setBy }, ordinal) => ({
      ordinal,
      key_kind: key.kind,
      key_value: key.value,
      source: setBy.source,
      event_id: setBy.eventId,
      due_at: dueAt,
      name,
      payload: JSON.stringify(payload),
      set_by: JSON.stringify(setBy),
    }));
    await query('set_timers', pendingSql.setTimers, [JSON.stringify(rows)]);
  }
  for (const key of headless) await giveHead(query, key);
}

interface KeyRecord {
  readonly key_kind: string;
  readonly key_value: string;
}

/** The firing its key waited for is gone: the next in the queue follows, or the key is free. */
async function giveHead(query: Query, { key_kind: kind, key_value: value }: KeyRecord): Promise<void> {
  const queues = JSON.stringify([{ kind, value, except_timers: [] }]);
  const next = await query('make_next_due', pendingSql.makeNextDue, [queues]);
  if (next.length === 0) await query('unblock', pendingSql.unblock, [kind, value]);
}

async function writePending(query: Query, pending: readonly PendingInsert[], schema: string): Promise<void> {
  const blob = new Blob();
  const rows = pending.map(({ record, key, ...rest }, ordinal) => ({
    ordinal,
    kind: rest.kind,
    handle: rest.handle,
    handler: rest.handler,
    key_kind: key.kind,
    key_value: key.value,
    source: rest.source,
    event_id: rest.eventId,
    due_at: rest.dueAt,
    claim_at: rest.claimAt,
    is_ordered: rest.isOrdered,
    attempts: rest.attempts,
    error_code: rest.errorCode ?? null,
    error_message: rest.errorMessage ?? null,
    destination: rest.destination ?? null,
    ...recordColumns(record, blob),
  }));
  await query('insert_pending', pendingSql.insertPending, [JSON.stringify(rows), blob.bytes()]);
  await query('notify', 'SELECT pg_notify($1, $2)', [pendingChannel(schema), '']);
}

/** Returns the new ids in the order given. */
export async function writeDeadLetters(query: Query, letters: readonly DeadLetter[]): Promise<string[]> {
  const blob = new Blob();
  const rows = letters.map((letter, ordinal) => ({
    ordinal,
    sequence: letter.sequence === undefined ? null : String(letter.sequence),
    handler: letter.handler,
    key_kind: letter.key?.kind ?? null,
    key_value: letter.key?.value ?? null,
    source: letter.source,
    event_id: letter.eventId,
    event_type: letter.eventType,
    correlation_id: letter.correlationId,
    error_code: letter.errorCode,
    error_message: letter.errorMessage,
    fingerprint: letter.fingerprint,
    attempts: letter.attempts,
    redrives: letter.redrives,
    first_failed_at: letter.firstFailedAt,
    last_failed_at: letter.lastFailedAt,
    code_version: letter.codeVersion,
    ...recordColumns(letter.record, blob),
  }));
  const values = [JSON.stringify(rows), blob.bytes()];
  const ids = await query<{ id: string }>('insert_dead_letters', deadLettersSql.insertDeadLetters, values);
  return ids.map(({ id }) => id);
}

async function writeOutbox(
  query: Query,
  { outbox, chunk, origin }: ChunkWrites,
  instance: string,
): Promise<bigint[]> {
  if (outbox.length === 0) return [];
  const blob = new Blob();
  const rows = outbox.map(({ topic, partition, encoded }, ordinal) => {
    const [at, length] = blob.add(encoded);
    return { ordinal, topic, partition, at, length };
  });
  const values = [
    JSON.stringify(rows),
    blob.bytes(),
    String(chunk),
    instance,
    origin?.topic ?? null,
    origin?.partition ?? null,
  ];
  const ids = await query<{ id: string }>('insert_outbox', outboxSql.insertOutbox, values);
  return ids.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
}
