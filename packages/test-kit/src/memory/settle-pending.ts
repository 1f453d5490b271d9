import type { PendingSettlement } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';
import { changePending, postponed, queued, waiting } from './pending-statements.js';
import type { Session } from './session.js';

/** What became of rows that were taken, in the order of the real store's statements. */
export async function settlePending(
  database: MemoryDatabase,
  session: Session,
  settlement: PendingSettlement,
): Promise<void> {
  const { pending, ledger } = database.tables;
  for (const id of settlement.ended.map(String))
    if (await session.lock(pending, id)) session.remove(pending, id);
  for (const change of settlement.postponed)
    await changePending(database, session, change.id, (row) => postponed(database, row, change));
  for (const id of settlement.queuedTimers)
    await changePending(database, session, id, () => queued(database));
  for (const id of settlement.stoodBack) await changePending(database, session, id, () => waiting);
  for (const { idempotencyKey, token, status, outcome } of settlement.acts) {
    const row = await session.lock(ledger, idempotencyKey);
    if (row?.token === token) session.put(ledger, { ...row, status, outcome });
  }
}
