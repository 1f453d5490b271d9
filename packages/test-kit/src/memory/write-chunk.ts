import type { ChunkWrites } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';
import { insertPending, writeTimers } from './pending-statements.js';
import type { Session } from './session.js';
import { stateKeyId } from './tables.js';

/** Everything a chunk has led to. Returns the outbox rows' ids in the order given. */
export async function writeChunk(
  database: MemoryDatabase,
  session: Session,
  owner: string,
  writes: ChunkWrites,
): Promise<bigint[]> {
  const { tables } = database;
  for (const { changed, emitted, blocked, ...key } of writes.keys) {
    const row = await session.lock(tables.keys, stateKeyId(key));
    if (!row) continue;
    session.put(tables.keys, {
      ...row,
      blocked,
      ...(changed ? { state: key.state, stateVersion: key.stateVersion } : {}),
      ...(emitted ? { lastChunk: latest(row.lastChunk, writes.chunk), lastOwner: owner } : {}),
    });
  }
  await writeTimers(database, session, writes.timers);
  await insertPending(database, session, writes.pending);
  for (const letter of writes.deadLetters)
    session.put(tables.deadLetters, { ...letter, id: database.next() });
  for (const id of writes.acknowledged) {
    if (await session.lock(tables.outbox, String(id))) session.remove(tables.outbox, String(id));
  }
  if (writes.pending.length > 0)
    session.onCommit(() => [...database.listeners].forEach((listener) => listener()));
  const { chunk, origin } = writes;
  return writes.outbox.map(({ topic, partition, encoded }) => {
    const id = database.next();
    const createdMs = database.clock.nowMs();
    session.put(tables.outbox, { id, chunk, owner, origin, topic, partition, encoded, createdMs });
    return id;
  });
}

const latest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
