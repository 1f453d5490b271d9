import type { OutboxRow } from '../ports/store.js';
import type { StateKey } from '../state.js';
import type { ChunkRun } from './chunk.js';
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

/** Locks every key the chunk's handlers write and reads the snapshot of those they only read. */
export async function lock(run: ChunkRun, { instance }: StepContext): Promise<void> {
  const units = run.taken.flatMap(({ units: all }) => all);
  const keys = distinct(units.map(({ key }) => key));
  const rows = keys.length > 0 ? await run.tx.lockKeys(keys, 'make-later') : [];
  const foreign = rows.filter(({ lastOwner }) => lastOwner !== null && lastOwner !== instance);
  if (foreign.length > 0) {
    const unpublished = await run.tx.outboxOfChunks([...new Set(foreign.map(({ lastChunk }) => lastChunk))]);
    if (unpublished.length > 0) throw new UnpublishedBeforeUsError(unpublished);
  }
  const locked = new Set(keys.map(keyId));
  const others = distinct(units.flatMap(({ reads }) => reads)).filter((key) => !locked.has(keyId(key)));
  const snapshot = others.length > 0 ? await run.tx.readKeys(others) : [];
  run.cells = new KeyCells(rows, snapshot);
}

function distinct(keys: readonly StateKey[]): StateKey[] {
  return [...new Map(keys.map((key) => [keyId(key), key])).values()];
}
