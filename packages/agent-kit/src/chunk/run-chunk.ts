import { commitInOrder } from '../outbox/commit-in-order.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { OutboxPublisher } from '../outbox/outbox-publisher.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { Store } from '../ports/store.js';
import type { ChunkInput, ChunkRun } from './chunk.js';
import type { StepContext } from './context.js';
import { decide } from './decide.step.js';
import { Effects } from './effects.js';
import { open } from './open.step.js';
import { write } from './write.step.js';

/**
 * Handles a chunk in one transaction (`open`, `decide`, `write`, places in the lanes, COMMIT) and returns what is to be
 * published. Rejects with `ClaimLostError`, `UnpublishedBeforeUsError`, `UnclearCommitError` or the store's own errors;
 * then nothing was written (or, for an unclear COMMIT, the caller finds out).
 */
export async function runChunk(
  store: Store,
  context: StepContext,
  input: ChunkInput,
  acknowledged: readonly bigint[],
  publisher: Pick<OutboxPublisher, 'reserve'>,
): Promise<ReservedRows> {
  const tx = await store.begin();
  const run: ChunkRun = { input, tx, effects: new Effects(), acknowledged, taken: [] };
  let rows: CommittedRow[];
  try {
    await open(run, context);
    decide(run, context);
    rows = await write(run, context);
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  const reserved = await commitInOrder(tx, rows, publisher);
  context.onHandled?.(run.effects.activity);
  if (run.opened && run.effects.hasWorkBeforePoll(run.opened.now)) context.onPending?.();
  return reserved;
}
