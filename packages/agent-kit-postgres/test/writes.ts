import type { ChunkWrites, RawRecord } from '@signalbox/agent-kit';
import { randomUUID } from 'node:crypto';
import type { TestStore } from './database.js';

export const partition = { topic: 'orders', partition: 0 };
export const nothing = (chunk: bigint): ChunkWrites => ({
  chunk,
  origin: partition,
  keys: [],
  pending: [],
  timers: [],
  deadLetters: [],
  outbox: [],
  acknowledged: [],
});
/** Nothing became of anything. */
export const unsettled = { ended: [], postponed: [], queuedTimers: [], stoodBack: [], acts: [] };
export const record: RawRecord = {
  ...partition,
  offset: 7n,
  timestampMs: 1_700_000_000_000,
  key: Buffer.from('k'),
  value: Buffer.from([0, 255, 1]),
  headers: { h: Buffer.from([9, 0, 200]) },
};

export const anyDue = { timersUntil: new Date(8.64e14), exceptDestinations: [] };
export const job = (value: string, eventId: string) => ({
  kind: 'job' as const,
  handle: randomUUID(),
  handler: 'send',
  key: { kind: 'handler:send', value },
  source: 's',
  eventId,
  dueAt: new Date(0),
  claimAt: new Date(0),
  attempts: 0,
  isOrdered: true,
  record,
  destination: 'd',
});

/** Writes in a transaction of its own. */
export async function inChunk(of: TestStore, writes: Partial<ChunkWrites>): Promise<readonly bigint[]> {
  const tx = await of.store.begin();
  const { chunk } = await tx.openChunk();
  const ids = await tx.write({ ...nothing(chunk), ...writes });
  await tx.commit();
  return ids;
}
export const writeOutbox = (of: TestStore, texts: string[]) =>
  inChunk(of, {
    outbox: texts.map((text, at) => ({
      topic: 't',
      partition: at,
      records: [],
      encoded: Buffer.from(text),
    })),
  });
export const writePending = (of: TestStore, pending: ChunkWrites['pending']) => inChunk(of, { pending });
