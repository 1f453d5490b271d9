import type { KeyRow, OutboxRow } from '../ports/store.js';
import type { StateKey } from '../state.js';
import type { ChunkRun, DecodedItem, Settle } from './chunk.js';
import type { StepContext } from './context.js';
import { KeyCells, keyId } from './key-cells.js';

/**
 * Thrown when another process committed records for a locked key that it has not published yet: they must go out
 * before ours, so the chunk is rolled back, they are published, and the chunk starts again.
 */
export class UnpublishedBeforeUsError extends Error {
  constructor(readonly rows: readonly OutboxRow[]) {
    super(`${rows.length} outbox rows of another process come first`);
    this.name = 'UnpublishedBeforeUsError';
  }
}

/**
 * Locks every key the chunk's handlers write and reads the snapshot of those they only read. It does not wait to hear
 * which events are new: the keys of the others are locked for nothing.
 */
export async function lock(run: ChunkRun, context: StepContext): Promise<Settle> {
  const { keys, others } = keysOf(run.input.items);
  const rows = keys.length > 0 ? await run.tx.lockKeys(keys, 'make-later') : [];
  const snapshot = others.length > 0 ? await run.tx.readKeys(others) : [];
  return async () => {
    await refuseToOvertake(rows, run, context);
    run.cells = new KeyCells(rows, snapshot);
  };
}

async function refuseToOvertake(
  rows: readonly KeyRow[],
  { tx }: ChunkRun,
  { instance }: StepContext,
): Promise<void> {
  const foreign = new Set<bigint>();
  for (const { lastOwner, lastChunk } of rows) {
    if (lastOwner !== null && lastOwner !== instance) foreign.add(lastChunk);
  }
  if (foreign.size === 0) return;
  const unpublished = await tx.outboxOfChunks([...foreign]);
  if (unpublished.length > 0) throw new UnpublishedBeforeUsError(unpublished);
}

/** Each key once: those that are written, and those that are only read. */
function keysOf(items: readonly DecodedItem[]): { readonly keys: StateKey[]; readonly others: StateKey[] } {
  const keys = new Map<string, StateKey>();
  const reads = new Map<string, StateKey>();
  for (const item of items) {
    if (item.kind !== 'event') continue;
    for (const unit of item.units) {
      keys.set(keyId(unit.key), unit.key);
      for (const key of unit.reads) reads.set(keyId(key), key);
    }
  }
  for (const id of reads.keys()) if (keys.has(id)) reads.delete(id);
  return { keys: [...keys.values()], others: [...reads.values()] };
}
