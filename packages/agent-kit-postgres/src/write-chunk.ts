import { allAnswers, type ChunkWrites, type DeadLetter } from '@signalbox/agent-kit';
import { Blob } from './blob.js';
import { bytesColumn, integerColumn, textColumn } from './columns.js';
import type { LockedKeys } from './locked-keys.js';
import { recordColumns } from './parameters.js';
import type { Query } from './query.js';
import * as deadLettersSql from './sql/dead-letters.sql.js';
import * as outboxSql from './sql/outbox.sql.js';
import { writeKeys } from './write-keys.js';
import { writePending } from './write-pending.js';
import { writeTimers } from './write-timers.js';

interface Writer {
  readonly schema: string;
  readonly instance: string;
  readonly locked: LockedKeys;
}

/** Everything a chunk has led to, one statement per table, sent without waiting between. Returns the outbox rows' ids in the order given. */
export async function writeChunk(query: Query, writes: ChunkWrites, writer: Writer): Promise<bigint[]> {
  const { pending, deadLetters, acknowledged } = writes;
  const sent: Promise<unknown>[] = [writeKeys(query, writes, writer)];
  sent.push(writeTimers(query, writes.timers, writer.locked));
  // What heads a queue after the timers depends on what was in it before this chunk's own pending rows.
  if (writer.locked.mayHaveQueues && writes.timers.length > 0) await allAnswers(sent);
  if (pending.length > 0) sent.push(writePending(query, pending, writer.schema));
  if (deadLetters.length > 0) sent.push(writeDeadLetters(query, deadLetters));
  if (acknowledged.length > 0)
    sent.push(query('delete_outbox', outboxSql.deleteOutbox, [acknowledged.map(String)]));
  const ids = writeOutbox(query, writes, writer.instance);
  await allAnswers([...sent, ids]);
  return ids;
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
  const values = [
    textColumn(outbox.map(({ topic }) => topic)),
    integerColumn(outbox.map(({ partition }) => partition)),
    bytesColumn(outbox.map(({ encoded }) => encoded)),
    String(chunk),
    instance,
    origin?.topic ?? null,
    origin?.partition ?? null,
  ];
  const ids = await query<{ id: string }>('insert_outbox', outboxSql.insertOutbox, values);
  return ids.map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
}
