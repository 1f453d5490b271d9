import type { KeyRow, OutboxRow } from '../ports/store.js';
import type { StateKey } from '../state.js';
import type { ChunkRun, Settle } from './chunk.js';
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
  const units = run.input.items.flatMap((item) => (item.kind === 'event' ? item.units : []));
  const keys = distinct(units.map(({ key }) => key));
  const rows = keys.length > 0 ? await run.tx.lockKeys(keys, 'make-later') : [];
  const locked = new Set(keys.map(keyId));
  const others = distinct(units.flatMap(({ reads }) => reads)).filter((key) => !locked.has(keyId(key)));
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
  const foreign = rows.filter(({ lastOwner }) => lastOwner !== null && lastOwner !== instance);
  if (foreign.length === 0) return;
  const unpublished = await tx.outboxOfChunks([...new Set(foreign.map(({ lastChunk }) => lastChunk))]);
  if (unpublished.length > 0) throw new UnpublishedBeforeUsError(unpublished);
}

function distinct(keys: readonly StateKey[]): StateKey[] {
  return [...new Map(keys.map((key) => [keyId(key), key])).values()];
}
