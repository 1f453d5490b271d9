import type { PendingRow, WakeUp } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';
import { changePending, isLeased, lease, pendingRowOf } from './pending-statements.js';
import type { Session } from './session.js';
import type { StoredPending } from './tables.js';

/** Leases what the wake-ups name and gives it back, or makes it due; a stale wake-up names an attempt that is over. */
export async function wake(
  database: MemoryDatabase,
  session: Session,
  wakeUps: readonly WakeUp[],
  leaseMs?: number,
): Promise<PendingRow[]> {
  const { pending } = database.tables;
  const isNamed = (row: StoredPending): boolean =>
    wakeUps.some(({ handle, attempts }) => handle === row.handle && attempts === row.attempts);
  const waits = (row: StoredPending): boolean =>
    isNamed(row) && (row.claimMs ?? 0) > (row.dueMs ?? Infinity) && !isLeased(database, row);
  const named = session.all(pending).filter(waits);
  const leased: PendingRow[] = [];
  for (const { id } of named.sort((a, b) => Number(a.id - b.id))) {
    await changePending(database, session, id, (row) => {
      if (!waits(row)) return undefined;
      const mayRun = row.starts === 0 && (row.dueMs ?? Infinity) <= database.nowMs();
      if (leaseMs === undefined || !mayRun) return { claimMs: row.dueMs };
      const change = lease(database, row, leaseMs);
      leased.push(pendingRowOf({ ...row, ...change }));
      return change;
    });
  }
  return leased;
}
