import type { ActStart, ActVerdict } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';
import { changePending } from './pending-statements.js';
import type { Session } from './session.js';

/** Notes that an outside act begins, for the holder of its job's lease, and tells how an earlier attempt stands. */
export async function startAct(
  database: MemoryDatabase,
  session: Session,
  { idempotencyKey, token, attempt, pendingId, leaseMs }: ActStart,
): Promise<ActVerdict> {
  const { ledger } = database.tables;
  const nowMs = database.clock.nowMs();
  const isHeld = await changePending(database, session, pendingId, (row) =>
    row.leaseToken === token && (row.leaseUntilMs ?? 0) > nowMs
      ? { leaseUntilMs: nowMs + leaseMs }
      : undefined,
  );
  if (!isHeld) return 'lost';
  const before = await session.lock(ledger, idempotencyKey);
  if (before?.status === 'done') return 'done';
  session.put(ledger, { idempotencyKey, token, attempt, status: 'started', outcome: null });
  return before?.status === 'started' ? 'unknown' : 'started';
}
