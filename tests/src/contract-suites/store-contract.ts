import type { ChunkWrites, RawRecord, Store } from '@signalbox/agent-kit';
import { createHash, randomUUID } from 'node:crypto';

/** Stores of several processes on one empty database. */
export interface StoreFactory {
  open(instance: string): Store;
  close(): Promise<void>;
}

const processA = 'aaaaaaaa-0000-4000-8000-000000000000';
const processB = 'bbbbbbbb-0000-4000-8000-000000000000';
const partition = { topic: 'orders', partition: 0 };
const hash = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, 16);
const record: RawRecord = {
  ...partition,
  offset: 7n,
  timestampMs: 1_700_000_000_000,
  key: Buffer.from('k'),
  value: Buffer.from([0, 255, 1]),
  headers: { h: Buffer.from([9, 0, 200]) },
};
const nothing = (chunk: bigint): ChunkWrites => ({
  chunk,
  origin: partition,
  keys: [],
  pending: [],
  timers: [],
  deadLetters: [],
  outbox: [],
  acknowledged: [],
});

async function inChunk(store: Store, writes: Partial<ChunkWrites>): Promise<readonly bigint[]> {
  const tx = await store.begin();
  const { chunk } = await tx.openChunk();
  const ids = await tx.write({ ...nothing(chunk), ...writes });
  await tx.commit();
  return ids;
}

/** What every store promises, in memory and on PostgreSQL. Each case uses keys and topics of its own. */
export function storeContract(title: string, make: () => Promise<StoreFactory>): void {
  describe(`the store's contract: ${title}`, () => {
    let factory: StoreFactory;
    let a: Store;
    let b: Store;
    beforeAll(async () => {
      factory = await make();
      a = factory.open(processA);
      b = factory.open(processB);
      await a.startTopic('orders', new Map([[0, 5n]]), new Map([[0, 0n]]));
    });
    afterAll(() => factory.close());

    it('gives the first offsets to a topic never seen, the later ones to partitions that come afterwards', async () => {
      await a.startTopic('grown', new Map([[0, 9n]]), new Map([[0, 1n]]));
      await a.startTopic('grown', new Map([[1, 99n]]), new Map([[1, 3n]]));
      expect((await a.claim({ topic: 'grown', partition: 0 }))?.nextOffset).toBe(9n);
      expect((await a.claim({ topic: 'grown', partition: 1 }))?.nextOffset).toBe(3n);
      expect(await a.claim({ topic: 'grown', partition: 2 })).toBeUndefined();
    });

    it('refuses the chunk of an owner whose partition was claimed by another', async () => {
      const old = await a.claim(partition);
      const now = await b.claim(partition);
      expect(now?.epoch).toBe((old?.epoch ?? 0n) + 1n);
      const tx = await a.begin();
      const fence = { ...partition, expectedOffset: 5n, nextOffset: 6n };
      expect(await tx.fence({ ...fence, epoch: old?.epoch ?? 0n })).toBeUndefined();
      await tx.rollback();
      expect(await a.confirm(partition, old?.epoch ?? 0n)).toBeUndefined();
      expect(await b.confirm(partition, now?.epoch ?? 0n)).toBe(5n);
    });

    it('tells new ids, repeats and conflicts apart, and forgets what was rolled back', async () => {
      const row = (id: string, content: string) => ({
        identity: hash(id),
        fingerprint: hash(content),
        outcome: 'taken' as const,
      });
      const undone = await a.begin();
      await undone.takeResponsibility([row('1', 'y')]);
      await undone.rollback();
      const first = await a.begin();
      expect(await first.takeResponsibility([row('2', 'x'), row('1', 'y')])).toEqual(['taken', 'taken']);
      await first.commit();
      const second = await b.begin();
      const rows = [row('1', 'y'), row('3', 'z'), row('2', 'other')];
      expect(await second.takeResponsibility(rows)).toEqual(['duplicate', 'taken', 'conflict']);
      await second.rollback();
    });

    it('makes a second transaction wait for a key that is not there yet, and shows it what the first wrote', async () => {
      const key = { kind: 'order', value: 'new' };
      const first = await a.begin();
      const { chunk } = await first.openChunk();
      await first.lockKeys([key]);
      const second = await b.begin();
      const waiting = second.lockKeys([key]);
      const written = {
        ...key,
        state: '{"n":1}',
        stateVersion: 2,
        changed: true,
        emitted: true,
        blocked: true,
      };
      await first.write({ ...nothing(chunk), keys: [written] });
      await first.commit();
      const [row] = await waiting;
      expect(row).toMatchObject({ state: '{"n":1}', stateVersion: 2, blocked: true, lastOwner: processA });
      await second.rollback();
    });

    it('hands other processes what was left behind, in order, and nothing of their own', async () => {
      const row = (text: string, at: number) => ({
        topic: 't',
        partition: at,
        records: [],
        encoded: Buffer.from(text),
      });
      const ids = await inChunk(a, { outbox: ['one', 'two'].map(row) });
      expect(await a.outboxOfPartition(partition)).toEqual([]);
      const left = await b.outboxOfPartition(partition);
      expect(left.map(({ id, encoded }) => [id, encoded.toString()])).toEqual([
        [ids[0], 'one'],
        [ids[1], 'two'],
      ]);
      expect([...(await b.storedOutbox([...ids, 999_999n]))].sort()).toEqual([...ids].sort());
      await b.deleteOutbox(ids);
      expect(await b.storedOutbox(ids)).toEqual([]);
    });

    it('leases the head of each key, and ends a row only under its lease', async () => {
      const job = (value: string, eventId: string) => ({
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
      await inChunk(a, { pending: [job('x', '1'), job('x', '2'), job('y', '3')] });
      const ask = { kinds: ['job' as const], limit: 10, timersUntil: null, exceptDestinations: [] };
      const due = await b.claimDue({ ...ask, leaseMs: 60_000 });
      expect(due.map(({ eventId }) => eventId).sort()).toEqual(['1', '3']);
      expect(due[0]?.record).toEqual(record);
      expect(await a.claimDue({ ...ask, leaseMs: 60_000 })).toEqual([]);
      const tx = await a.begin();
      expect(await tx.takePending([{ id: due[0]?.id ?? 0n, token: processA }])).toEqual(new Set());
      const held = await tx.takePending(due.map(({ lease }) => lease));
      expect(held).toEqual(new Set(due.map(({ id }) => id)));
      await tx.rollback();
    });
  });
}
