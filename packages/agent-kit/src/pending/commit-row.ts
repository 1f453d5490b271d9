import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import { CommitUnknownError } from '../ports/store.js';
import { backoffMs } from '../runner/backoff.js';
import { isInfrastructure } from '../runner/chunk-loop.js';
import { publishForeign } from '../runner/claim-partition.js';
import type { RunnerPorts } from '../runner/ports.js';

/** What the database does not take this often is not tried again. */
const REFUSALS_MAX = 2;

/**
 * Writes a result until the database has it, then publishes it: an act that was done must not be forgotten. Rejects when
 * the database refuses what is written for good, or when `cut` aborts.
 */
export async function commitRow(
  write: () => Promise<CommittedRow[] | undefined>,
  ports: RunnerPorts,
  cut: AbortSignal,
): Promise<void> {
  let unsure: readonly CommittedRow[] = [];
  for (let failures = 1, refusals = 0; ; failures += 1) {
    try {
      const rows = await ports.transactions.run(write);
      // Nothing to write after an unclear COMMIT: it has happened, or another process has done the work meanwhile.
      publish(rows ?? (await stored(unsure, ports)), ports);
      return;
    } catch (error) {
      if (error instanceof CommitUnknownError) unsure = (error as { rows?: CommittedRow[] }).rows ?? [];
      if (cut.aborted) throw error;
      if (error instanceof UnpublishedBeforeUsError) {
        await publishForeign(error.rows, ports);
        continue;
      }
      if (!isInfrastructure(error) && !(error instanceof CommitUnknownError)) refusals += 1;
      if (refusals >= REFUSALS_MAX) throw error;
      const fields = { error: String(error) };
      ports.quiet.warn('pending-commit', fields, 'A result could not be written; trying again');
      await ports.context.clock.sleep(backoffMs(failures, ports.random), cut);
    }
  }
}

/** Those that were committed: records of a transaction that was undone must never go out. */
async function stored(rows: readonly CommittedRow[], { store }: RunnerPorts): Promise<CommittedRow[]> {
  const ids = rows.length > 0 ? new Set(await store.storedOutbox(rows.map(({ id }) => id))) : new Set();
  return rows.filter(({ id }) => ids.has(id));
}

function publish(rows: readonly CommittedRow[], ports: RunnerPorts): void {
  if (rows.length === 0) return;
  ports.publisher.publish(rows).then(
    () => ports.acknowledged.add(rows.map(({ id }) => id)),
    () => undefined, // stopped: the sweeper publishes them
  );
}
