import type { PendingSettlement } from '@signalbox/agent-kit';
import * as ledgerSql from './sql/ledger.sql.js';
import * as pendingSql from './sql/pending.sql.js';
import type { Query } from './query.js';

/** What became of rows that were taken, one statement for each sort of end that occurs. */
export async function settlePending(
  query: Query,
  { ended, postponed, queuedTimers, stoodBack, acts }: PendingSettlement,
): Promise<void> {
  if (ended.length > 0) await query('end_pending', pendingSql.endPending, [ended.map(String)]);
  if (postponed.length > 0) {
    const rows = postponed.map(({ id, dueAt, claimAt, attempts, errorCode, errorMessage }) => ({
      id: String(id),
      due_at: dueAt,
      claim_at: claimAt,
      attempts,
      error_code: errorCode,
      error_message: errorMessage,
    }));
    await query('postpone', pendingSql.postponePending, [JSON.stringify(rows)]);
  }
  if (queuedTimers.length > 0)
    await query('queue_timers', pendingSql.queueTimers, [queuedTimers.map(String)]);
  if (stoodBack.length > 0) await query('stand_back', pendingSql.standBack, [stoodBack.map(String)]);
  if (acts.length > 0) {
    const rows = acts.map(({ idempotencyKey, ...rest }) => ({ key: idempotencyKey, ...rest }));
    await query('end_acts', ledgerSql.endActs, [JSON.stringify(rows)]);
  }
}
