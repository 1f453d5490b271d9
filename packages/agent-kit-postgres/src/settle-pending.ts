import { allAnswers, type PendingSettlement } from '@signalbox/agent-kit';
import * as ledgerSql from './sql/ledger.sql.js';
import * as pendingSql from './sql/pending.sql.js';
import type { Query } from './query.js';

/** What became of rows that were taken, one statement for each sort of end that occurs, sent without waiting between. */
export async function settlePending(
  query: Query,
  { ended, postponed, queuedTimers, stoodBack, acts }: PendingSettlement,
): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const send = (name: string, text: string, value: unknown): void =>
    void sent.push(query(name, text, [value]));
  if (ended.length > 0) send('end_pending', pendingSql.endPending, ended.map(String));
  if (postponed.length > 0) {
    const rows = postponed.map(({ id, dueAt, claimAt, attempts, errorCode, errorMessage }) => ({
      id: String(id),
      due_at: dueAt,
      claim_at: claimAt,
      attempts,
      error_code: errorCode,
      error_message: errorMessage,
    }));
    send('postpone', pendingSql.postponePending, JSON.stringify(rows));
  }
  if (queuedTimers.length > 0) send('queue_timers', pendingSql.queueTimers, queuedTimers.map(String));
  if (stoodBack.length > 0) send('stand_back', pendingSql.standBack, stoodBack.map(String));
  if (acts.length > 0) {
    const rows = acts.map(({ idempotencyKey, ...rest }) => ({ key: idempotencyKey, ...rest }));
    send('end_acts', ledgerSql.endActs, JSON.stringify(rows));
  }
  await allAnswers(sent);
}
