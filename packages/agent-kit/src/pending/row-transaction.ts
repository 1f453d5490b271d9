import { Effects } from '../chunk/effects.js';
import type { KeyCells } from '../chunk/key-cells.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { writeEffects } from '../chunk/write.step.js';
import { commitInOrder } from '../outbox/commit-in-order.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { KeyRow, PendingRow, StoreTransaction } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';

/** The transaction that ends a claimed row, with its key locked. */
export interface RowTransaction {
  readonly tx: StoreTransaction;
  readonly effects: Effects;
  readonly locked: readonly KeyRow[];
  /** The agent's clock. */
  readonly now: Date;
}

/**
 * Runs `work` in a transaction that holds the row's key and the row under its lease, and writes what it led to: the
 * rows to publish. Undefined when the row was ended, moved or taken by another process meanwhile; then nothing is written.
 */
export async function withRow(
  row: PendingRow,
  ports: RunnerPorts,
  work: (open: RowTransaction) => Promise<KeyCells>,
): Promise<ReservedRows | undefined> {
  const { context, store } = ports;
  const tx = await store.begin();
  const effects = new Effects();
  let rows: CommittedRow[];
  try {
    const opened = await tx.openChunk();
    const locked = await tx.lockKeys([row.key]);
    await refuseToOvertake(locked, tx, context.instance);
    if (!(await tx.takePending(row.lease))) {
      await tx.rollback();
      return undefined;
    }
    const cells = await work({ tx, effects, locked, now: opened.now });
    rows = await writeEffects({ tx, effects, acknowledged: [] }, context, { ...opened, origin: null, cells });
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  const reserved = await commitInOrder(tx, rows, ports.publisher);
  context.onHandled?.(effects.activity);
  return reserved;
}

/** Records that another process has committed for the key go out before ours. */
async function refuseToOvertake(
  locked: readonly KeyRow[],
  tx: StoreTransaction,
  instance: string,
): Promise<void> {
  const chunks = locked.flatMap(({ lastOwner, lastChunk }) =>
    lastOwner && lastOwner !== instance ? [lastChunk] : [],
  );
  const unpublished = chunks.length > 0 ? await tx.outboxOfChunks(chunks) : [];
  if (unpublished.length > 0) throw new UnpublishedBeforeUsError(unpublished);
}
