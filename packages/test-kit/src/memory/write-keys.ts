import { KeyMadeMeanwhileError, type ChunkWrites } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';
import type { Session } from './session.js';
import { newKeyRow, stateKeyId } from './tables.js';

/** Makes the keys that were missing when they were locked, for what is written of them, and changes those that are written. */
export async function writeKeys(
  { tables }: MemoryDatabase,
  session: Session,
  owner: string,
  { chunk, keys, timers, pending }: ChunkWrites,
  madeLater: ReadonlySet<string>,
): Promise<void> {
  const named = [...keys, ...[...timers, ...pending].map(({ key }) => key)].map(stateKeyId);
  for (const id of [...new Set(named)].filter((one) => madeLater.has(one)).sort()) {
    if (await session.lock(tables.keys, id)) throw new KeyMadeMeanwhileError();
    session.put(tables.keys, newKeyRow(id));
  }
  for (const { changed, emitted, blocked, ...key } of keys) {
    const row = await session.lock(tables.keys, stateKeyId(key));
    if (!row) continue;
    session.put(tables.keys, {
      ...row,
      blocked,
      ...(changed ? { state: key.state, stateVersion: key.stateVersion } : {}),
      ...(emitted ? { lastChunk: latest(row.lastChunk, chunk), lastOwner: owner } : {}),
    });
  }
}

const latest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
