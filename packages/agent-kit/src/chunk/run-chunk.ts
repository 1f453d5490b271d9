import { commitInOrder } from '../outbox/commit-in-order.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { OutboxPublisher } from '../outbox/outbox-publisher.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { Store } from '../ports/store.js';
import type { ChunkInput, ChunkRun } from './chunk.js';
import type { StepContext } from './context.js';
import { decide } from './decide.step.js';
import { Effects } from './effects.js';
import { fence } from './fence.step.js';
import { inbox } from './inbox.step.js';
import { lock } from './lock.step.js';
import { write } from './write.step.js';

/** The order of a chunk. `write` follows, then places in the lanes, then COMMIT, then the records are published. */
export const chunkSteps = [fence, inbox, lock, decide] as const;

/**
 * Handles a chunk in one transaction and returns what is to be published. Rejects with `ClaimLostError`,
 * `UnpublishedBeforeUsError`, `UnclearCommitError` or the store's own errors; then nothing was written (or, for an
 * unclear COMMIT, the caller finds out).
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
    for (const step of chunkSteps) await step(run, context);
    rows = await write(run, context);
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  const reserved = await commitInOrder(tx, rows, publisher);
  context.onHandled?.(run.effects.activity);
  return reserved;
}
