import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { clarifyCommit } from '../outbox/clarify-commit.js';
import { UnclearCommitError } from '../outbox/commit-in-order.js';
import { publishReserved, type ReservedRows } from '../outbox/reserved-rows.js';
import type { PendingRow } from '../ports/store.js';
import { unlessAborted } from '../runner/abort.js';
import { backoffMs } from '../runner/backoff.js';
import { publishForeign } from '../runner/claim-partition.js';
import { isInfrastructure } from '../runner/is-infrastructure.js';
import type { RunnerPorts } from '../runner/ports.js';

/** What the database does not take this often is not tried again. */
const REFUSALS_MAX = 2;

/**
 * Writes a result of a claimed row until the database has it, then publishes it: an act that was done must not be
 * forgotten. Rejects when the database refuses what is written for good, or when `cut` aborts.
 */
export async function commitRow(
  row: Pick<PendingRow, 'key'>,
  write: () => Promise<ReservedRows | undefined>,
  ports: RunnerPorts,
  cut: AbortSignal,
): Promise<void> {
  for (let failures = 1, refusals = 0; ; failures += 1) {
    try {
      if (await writeOnce(row, write, ports, cut)) return;
    } catch (error) {
      if (cut.aborted) throw error;
      if (!isInfrastructure(error)) refusals += 1;
      if (refusals >= REFUSALS_MAX) throw error;
      const fields = { error: String(error) };
      ports.quiet.warn('pending-commit', fields, 'A result could not be written; trying again');
      await ports.context.clock.sleep(backoffMs(failures, ports.random), cut);
    }
  }
}

/** False when it was undone and nothing is in its way any more: it is to be written again at once. */
async function writeOnce(
  { key }: Pick<PendingRow, 'key'>,
  write: () => Promise<ReservedRows | undefined>,
  ports: RunnerPorts,
  cut: AbortSignal,
): Promise<boolean> {
  try {
    const reserved = await ports.transactions.run(write);
    if (reserved) void publishReserved(reserved, ports.acknowledged);
    return true;
  } catch (error) {
    if (error instanceof UnclearCommitError) return unlessAborted(wasCommitted(error, key, ports), cut);
    if (!(error instanceof UnpublishedBeforeUsError)) throw error;
    await publishForeign(error.rows, ports);
    return false;
  }
}

/**
 * Whether rows of an unclear COMMIT are stored; then they go out. Without any, writing again finds out what happened: the
 * claimed row is gone when the work is done, by us or meanwhile by another process.
 */
async function wasCommitted(
  unclear: UnclearCommitError,
  key: PendingRow['key'],
  ports: RunnerPorts,
): Promise<boolean> {
  const ids = unclear.reserved.rows.map(({ id }) => id);
  const ask = async (): Promise<{ outcome: boolean; rows: readonly bigint[] }> => {
    await ports.transactions.run(() => untilOver(key, ports));
    const rows = ids.length > 0 ? await ports.store.storedOutbox(ids) : [];
    return { outcome: rows.length > 0, rows };
  };
  return (await clarifyCommit(unclear, ask, ports)).outcome;
}

/** A transaction that was still at work when its connection broke holds the key's lock until it is over. */
async function untilOver(key: PendingRow['key'], { store }: RunnerPorts): Promise<void> {
  const tx = await store.begin();
  try {
    await tx.lockKeys([key]);
  } finally {
    await tx.rollback();
  }
}
