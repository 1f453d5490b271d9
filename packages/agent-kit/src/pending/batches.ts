import { keyId } from '../chunk/key-cells.js';
import type { PendingRow } from '../ports/store.js';

/** Rows taken together, in the order given, in batches of at most `rowsMax` rows of different keys each. */
export function batchesOf(rows: readonly PendingRow[], rowsMax: number): PendingRow[][] {
  const batches: PendingRow[][] = [];
  /** The first batch a further row of the key may stand in. */
  const nextOf = new Map<string, number>();
  for (const row of rows) {
    const id = keyId(row.key);
    let at = nextOf.get(id) ?? 0;
    while ((batches[at]?.length ?? 0) >= rowsMax) at += 1;
    const batch = batches[at] ?? [];
    batches[at] = batch;
    batch.push(row);
    nextOf.set(id, at + 1);
  }
  return batches;
}
