import { isFoundInTable, type ChunkWrites } from '@signalbox/agent-kit';
import type { MemoryDatabase } from './memory-database.js';
import { insertPending, writeTimers } from './pending-statements.js';
import type { Session } from './session.js';
import { writeKeys } from './write-keys.js';

/** Everything a chunk has led to. Returns the outbox rows' ids in the order given. */
export async function writeChunk(
  database: MemoryDatabase,
  session: Session,
  owner: string,
  writes: ChunkWrites,
  madeLater: ReadonlySet<string>,
): Promise<bigint[]> {
  const { tables } = database;
  await writeKeys(database, session, owner, writes, madeLater);
  await writeTimers(database, session, writes.timers);
  await insertPending(database, session, writes.pending);
  for (const letter of writes.deadLetters)
    session.put(tables.deadLetters, { ...letter, id: database.next() });
  for (const id of writes.acknowledged) {
    if (await session.lock(tables.outbox, String(id))) session.remove(tables.outbox, String(id));
  }
  if (writes.pending.some(isFoundInTable))
    session.onCommit(() => [...database.listeners].forEach((listener) => listener()));
  const { chunk, origin } = writes;
  return writes.outbox.map(({ topic, partition, encoded }) => {
    const id = database.next();
    const createdMs = database.clock.nowMs();
    session.put(tables.outbox, { id, chunk, owner, origin, topic, partition, encoded, createdMs });
    return id;
  });
}
