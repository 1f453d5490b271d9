import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { clarifyCommit } from '../outbox/clarify-commit.js';
import { publishReserved, type ReservedRows } from '../outbox/reserved-rows.js';
import { unlessAborted } from '../runner/abort.js';
import { backoffMs } from '../runner/backoff.js';
import { publishForeign } from '../runner/claim-partition.js';
import { isInfrastructure } from '../runner/is-infrastructure.js';
import type { RunnerPorts } from '../runner/ports.js';
import { UnclearRowsError } from './row-transaction.js';

/** What the database does not take this often is not tried again. */
const REFUSALS_MAX = 2;

/**
 * Writes a result until the database has it, then publishes it: an act that was done must not be forgotten. Rejects when
 * the database refuses what is written for good, or when `cut` aborts.
 */
export async function commitRow(
  write: () => Promise<ReservedRows | undefined>,
  ports: RunnerPorts,
  cut: AbortSignal,
): Promise<void> {
  for (let failures = 1, refusals = 0; ; failures += 1) {
    try {
      if (await writeOnce(write, ports, cut)) return;
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

/** False when nothing is in its way any more: it is to be written again at once. */
async function writeOnce(
  write: () => Promise<ReservedRows | undefined>,
  ports: RunnerPorts,
  cut: AbortSignal,
): Promise<boolean> {
  try {
    const reserved = await ports.transactions.run(write);
    if (reserved) void publishReserved(reserved, ports.acknowledged);
    return true;
  } catch (error) {
    if (error instanceof UnpublishedBeforeUsError) await publishForeign(error.rows, ports);
    else if (error instanceof UnclearRowsError) await unlessAborted(clarified(error, ports), cut);
    else throw error;
    return false;
  }
}

/** What was committed is not held any more: writing again finds nothing to write. */
async function clarified(error: UnclearRowsError, ports: RunnerPorts): Promise<void> {
  await clarifyCommit(error.unclear, () => ports.transactions.run(() => error.ask(ports.store)), ports);
}

/** Several results in one transaction, and what becomes of those the database refuses. */
export interface Batch<T> {
  readonly items: readonly T[];
  write(items: readonly T[]): Promise<ReservedRows | undefined>;
  /** The database has these. */
  onCommitted?(items: readonly T[]): void;
  /** This one alone was refused for good. */
  onRefused(item: T, refusal: unknown): Promise<void>;
}

/**
 * The same for several results in one transaction; when the database refuses it, it is halved until the bad one is
 * alone, so that one hurts only itself.
 */
export async function commitBatch<T>(batch: Batch<T>, ports: RunnerPorts, cut: AbortSignal): Promise<void> {
  const { items } = batch;
  if (items.length === 0) return;
  try {
    await commitRow(() => batch.write(items), ports, cut);
  } catch (refusal) {
    if (cut.aborted) throw refusal;
    if (items.length === 1) return batch.onRefused(items[0] as T, refusal);
    const middle = Math.ceil(items.length / 2);
    for (const half of [items.slice(0, middle), items.slice(middle)]) {
      await commitBatch({ ...batch, items: half }, ports, cut);
    }
    return;
  }
  batch.onCommitted?.(items);
}
