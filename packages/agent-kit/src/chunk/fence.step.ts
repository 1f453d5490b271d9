import { ClaimLostError, type ChunkRun, type Settle } from './chunk.js';

/** Moves the partition's progress, which also proves that the claim still holds; the first lock of the transaction. */
export async function fence(run: ChunkRun): Promise<Settle> {
  const { partition, epoch, from, next, last } = run.input;
  const opened = await run.tx.fence({
    ...partition,
    epoch,
    expectedOffset: from,
    nextOffset: next,
    ...(last ? { last } : {}),
  });
  return () => {
    if (!opened) throw new ClaimLostError(partition);
    run.opened = opened;
  };
}
