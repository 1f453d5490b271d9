import type { DeadLetter, PendingRow, StateKey } from '@signalbox/agent-kit';
import type { Pool } from 'pg';
import { pendingChannel } from '../channel.js';
import { pendingRowOf, type PendingRecord } from '../rows.js';
import { writeDeadLetters } from '../write-chunk.js';
import * as keysSql from './keys.sql.js';
import * as lettersSql from './letters.sql.js';
import type { Query } from '../query.js';
import { inTransaction } from './transaction.js';

/** Rows dropped from one key at once, at most: as many as may be parked there. */
const DROP_ROWS_MAX = 10_000;

/** See `OperatorStore.releaseKey`. */
export function releaseKey(pool: Pool, schema: string, { kind, value }: StateKey): Promise<boolean> {
  return inTransaction(pool, async (query) => {
    const [locked] = await query<{ blocked: boolean }>('lock_key', keysSql.lockKey, [kind, value]);
    if (!locked?.blocked) return false;
    await goOn(query, schema, kind, value);
    return true;
  });
}

/** See `OperatorStore.dropFromKey`. */
export function dropFromKey(
  pool: Pool,
  schema: string,
  { kind, value }: StateKey,
  which: 'head' | 'all',
  who: { readonly by: string; readonly why: string },
  letterOf: (row: PendingRow) => DeadLetter,
): Promise<number> {
  return inTransaction(pool, async (query) => {
    const [locked] = await query<{ blocked: boolean }>('lock_key', keysSql.lockKey, [kind, value]);
    if (!locked?.blocked) return 0;
    const limit = which === 'head' ? 1 : DROP_ROWS_MAX;
    const rows = await query<PendingRecord>('take_from_queue', keysSql.takeFromQueue, [kind, value, limit]);
    const letters = rows.map(pendingRowOf).sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
    if (letters.length > 0) {
      const ids = await writeDeadLetters(query, letters.map(letterOf));
      await query('discard_all', lettersSql.discardAll, [ids, who.by, who.why]);
    }
    await goOn(query, schema, kind, value);
    return letters.length;
  });
}

/** The next row is due now; a key with an empty queue is free. */
async function goOn(query: Query, schema: string, kind: string, value: string): Promise<void> {
  const due = await query('make_head_due', keysSql.makeHeadDue, [kind, value]);
  if (due.length === 0) await query('unblock', keysSql.unblock, [kind, value]);
  else await query('notify', 'SELECT pg_notify($1, $2)', [pendingChannel(schema), '']);
}
