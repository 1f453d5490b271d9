import type { Pool } from 'pg';
import { connect } from './pool.js';

/** Opens connections now, side by side, instead of with the first statements; rejects with `database_unavailable`. */
export async function openConnections(pool: Pool, count: number): Promise<void> {
  const opened = await Promise.allSettled(Array.from({ length: count }, () => connect(pool)));
  for (const one of opened) if (one.status === 'fulfilled') one.value.release();
  for (const one of opened) if (one.status === 'rejected') throw one.reason;
}
