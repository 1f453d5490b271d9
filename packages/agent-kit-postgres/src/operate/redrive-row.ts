import type { LetterRedrive, RedriveRow, RedriveVerdict } from '@signalbox/agent-kit';
import type { Pool } from 'pg';
import { pendingChannel } from '../channel.js';
import { headersToText } from '../headers.js';
import { inboxColumns, keyColumns } from '../parameters.js';
import * as inboxSql from '../sql/inbox.sql.js';
import * as keysSql from '../sql/keys.sql.js';
import * as lettersSql from './letters.sql.js';
import type { Query } from '../query.js';
import { inTransaction, undo } from './transaction.js';

/**
 * Turns an open dead letter into pending work, in one transaction. Locks in the order of every transaction: inbox, keys
 * (sorted), what belongs to them.
 */
export function redriveRows(pool: Pool, schema: string, request: LetterRedrive): Promise<RedriveVerdict> {
  return inTransaction<RedriveVerdict>(pool, async (query) => {
    const { letterId, edits, by, inbox, rows } = request;
    if (inbox) {
      const values = inboxColumns([{ ...inbox, outcome: 'taken' }]);
      const [taken] = await query<{ count: number }>('inbox', inboxSql.takeResponsibility, values);
      if (taken?.count === 0) undo('id_taken');
    }
    const keys = keyColumns(distinct(rows));
    await query('add_keys', keysSql.addMissingKeys, keys);
    const locked = await query<LockedKey>('lock_keys', keysSql.lockKeys, keys);
    const [taken] = await query<{ first_failed_at: Date }>('take_for_redrive', lettersSql.takeForRedrive, [
      String(letterId),
      edits,
      by,
    ]);
    if (!taken) undo('not_open');
    const blocked = new Set(
      locked.filter((key) => key.blocked).map(({ kind, value }) => `${kind}\n${value}`),
    );
    for (const row of rows) await insertRow(query, row, blocked, taken?.first_failed_at ?? null);
    await query('notify', 'SELECT pg_notify($1, $2)', [pendingChannel(schema), '']);
    return 'redriven';
  });
}

interface LockedKey {
  readonly kind: string;
  readonly value: string;
  readonly blocked: boolean;
}

/** An event joins the queue of its blocked key in its old place, or blocks the key and runs at once. */
async function insertRow(
  query: Query,
  row: RedriveRow,
  blocked: Set<string>,
  firstFailedAt: Date | null,
): Promise<void> {
  const { kind, value } = row.key;
  let isDue = true;
  if (row.kind === 'redrive' && row.isOrdered) {
    const id = `${kind}\n${value}`;
    // A blocked key without a row that runs by itself waits for a person: this is the person.
    isDue = !blocked.has(id) || (await query('has_head', lettersSql.hasHead, [kind, value])).length === 0;
    if (!blocked.has(id)) await query('block_key', lettersSql.blockKey, [kind, value]);
    blocked.add(id);
  }
  const inserted = await query('redrive_row', lettersSql.insertRow, valuesOf(row, isDue, firstFailedAt));
  if (inserted.length === 0) undo('at_work');
}

function valuesOf(row: RedriveRow, isDue: boolean, firstFailedAt: Date | null): unknown[] {
  const { record, timer } = row;
  return [
    String(row.sequence),
    row.kind,
    row.handle,
    row.kind === 'timer' ? null : row.handler,
    row.key.kind,
    row.key.value,
    row.source,
    row.eventId,
    isDue,
    row.isOrdered,
    row.redrives,
    firstFailedAt,
    row.destination,
    timer?.name ?? null,
    timer ? JSON.stringify(timer.payload ?? null) : null,
    timer ? JSON.stringify(timer.setBy) : null,
    record?.topic ?? null,
    record?.partition ?? null,
    record ? String(record.offset) : null,
    record?.timestampMs ?? null,
    record?.key ?? null,
    record?.value ?? null,
    record ? headersToText(record.headers) : null,
  ];
}

function distinct(rows: readonly RedriveRow[]): { kind: string; value: string }[] {
  return [...new Map(rows.map(({ key }) => [`${key.kind}\n${key.value}`, key])).values()];
}
