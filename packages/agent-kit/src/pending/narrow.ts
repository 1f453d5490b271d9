import type { PendingKind } from '../ports/store.js';

/**
 * Narrows what is taken now to what the kill switches let through; `kinds` may come back empty. `atWork`: jobs that were
 * taken and have not ended.
 */
export type Narrow = (
  kinds: readonly PendingKind[],
  limit: number,
  atWork?: number,
) => Promise<{ readonly kinds: readonly PendingKind[]; readonly limit: number }>;
