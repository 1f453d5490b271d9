import { CommitUnknownError, type StoreTransaction } from '../ports/store.js';
import type { CommittedRow } from './committed-row.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import type { ReservedRows } from './reserved-rows.js';

/** The answer to COMMIT was lost. The places stay reserved until `clarifyCommit` knows what happened. */
export class UnclearCommitError extends Error {
  constructor(
    readonly reserved: ReservedRows,
    cause: CommitUnknownError,
  ) {
    super('the outcome of COMMIT is not known', { cause });
    this.name = 'UnclearCommitError';
  }
}

/**
 * Commits. The rows' places in the publisher's lanes are taken first: once COMMIT has freed the locks, another
 * transaction of this process may write to the same keys and commit before we have heard the answer.
 * Rejects with `UnclearCommitError`, or with the store's error when nothing was committed.
 */
export async function commitInOrder(
  tx: Pick<StoreTransaction, 'commit'>,
  rows: readonly CommittedRow[],
  publisher: Pick<OutboxPublisher, 'reserve'>,
): Promise<ReservedRows> {
  const reserved = publisher.reserve(rows);
  try {
    await tx.commit();
  } catch (error) {
    if (error instanceof CommitUnknownError) throw new UnclearCommitError(reserved, error);
    reserved.release();
    throw error;
  }
  return reserved;
}
