import { createHash } from 'node:crypto';
import { processA, useStores, type OpenedStores, type TestStore } from '../test/database.js';
import {
  anyDue,
  inChunk,
  job,
  nothing,
  partition,
  record,
  unsettled,
  writeOutbox,
  writePending,
} from '../test/writes.js';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, 16);

describe('PostgresStore', () => {
  let a: TestStore;
  let b: TestStore;
  let open: OpenedStores['open'];
  useStores((opened) => ({ a, b, open } = opened));
  beforeEach(async () => {
    await a.pool.query(
      'TRUNCATE sb_progress, sb_inbox, sb_key, sb_outbox, sb_pending, sb_dead_letter, sb_ledger',
    );
    await a.store.startTopic('orders', new Map([[0, 5n]]), new Map([[0, 0n]]));
  });

  describe('claims', () => {
    it('begin at the first offsets for a topic never seen, at the later ones for partitions that come afterwards', async () => {
      await a.store.startTopic('orders', new Map([[1, 99n]]), new Map([[1, 3n]]));
      expect((await a.store.claim(partition))?.nextOffset).toBe(5n);
      expect((await a.store.claim({ topic: 'orders', partition: 1 }))?.nextOffset).toBe(3n);
      expect(await a.store.claim({ topic: 'orders', partition: 2 })).toBeUndefined();
    });

    it('fence the owner before: its next chunk is refused', async () => {
      const old = await a.store.claim(partition);
      const now = await b.store.claim(partition);
      expect(now?.epoch).toBe((old?.epoch ?? 0n) + 1n);
      const tx = await a.store.begin();
      expect(
        await tx.fence({ ...partition, epoch: old?.epoch ?? 0n, expectedOffset: 5n, nextOffset: 6n }),
      ).toBeUndefined();
      await tx.rollback();
    });

    it('count those that follow a crash at the same offset, and no others', async () => {
      expect((await a.store.claim(partition))?.claimsUnchanged).toBe(1);
      expect((await b.store.claim(partition))?.claimsUnchanged).toBe(2);
      expect((await b.store.claim(partition))?.claimsUnchanged).toBe(2);
      await b.store.release([partition]);
      expect((await a.store.claim(partition))?.claimsUnchanged).toBe(2);
    });

    it('wait for the open transaction of the owner before', async () => {
      const claim = await a.store.claim(partition);
      const tx = await a.store.begin();
      await tx.fence({ ...partition, epoch: claim?.epoch ?? 0n, expectedOffset: 5n, nextOffset: 8n });
      const taken = b.store.claim(partition);
      await tx.commit();
      expect((await taken)?.nextOffset).toBe(8n);
    });

    it('keep the last handled record', async () => {
      const claim = await a.store.claim(partition);
      const tx = await a.store.begin();
      const last = { offset: 5n, timestampMs: 12, hash: hash('x') };
      await tx.fence({ ...partition, epoch: claim?.epoch ?? 0n, expectedOffset: 5n, nextOffset: 6n, last });
      await tx.commit();
      expect((await a.store.claim(partition))?.last).toEqual(last);
    });
  });

  describe('inbox', () => {
    const row = (id: string, content: string) => ({
      identity: hash(id),
      fingerprint: hash(content),
      outcome: 'taken' as const,
    });

    it('tells new ids, repeats and conflicts apart, in the order given', async () => {
      const first = await a.store.begin();
      expect(await first.takeResponsibility([row('2', 'x'), row('1', 'y')])).toEqual(['taken', 'taken']);
      await first.commit();
      const second = await b.store.begin();
      expect(await second.takeResponsibility([row('1', 'y'), row('3', 'z'), row('2', 'other')])).toEqual([
        'duplicate',
        'taken',
        'conflict',
      ]);
      await second.rollback();
    });

    it('forgets what was rolled back', async () => {
      const first = await a.store.begin();
      await first.takeResponsibility([row('1', 'y')]);
      await first.rollback();
      const second = await a.store.begin();
      expect(await second.takeResponsibility([row('1', 'y')])).toEqual(['taken']);
      await second.rollback();
    });
  });

  describe('keys', () => {
    it('are made when missing, written when changed and read back as text', async () => {
      const tx = await a.store.begin();
      const { chunk } = await tx.openChunk();
      const keys = [
        { kind: 'order', value: 'b' },
        { kind: 'order', value: 'a' },
      ];
      const rows = await tx.lockKeys(keys);
      expect(rows.map(({ value, state }) => [value, state])).toEqual([
        ['b', null],
        ['a', null],
      ]);
      const state = JSON.stringify({ text: 'quote " backslash \\ nul \u0000 emoji 🙂' });
      const written = { ...keys[0], state, stateVersion: 2, changed: true, emitted: true, blocked: false };
      await tx.write({ ...nothing(chunk), keys: [written as never] });
      await tx.commit();
      const [read] = await readKey(b, { kind: 'order', value: 'b' });
      expect(read).toMatchObject({ state, stateVersion: 2, lastChunk: chunk, lastOwner: processA });
    });

    it('make a second transaction wait', async () => {
      const key = { kind: 'order', value: 'x' };
      const first = await a.store.begin();
      await first.lockKeys([key]);
      let hasLocked = false;
      const second = await b.store.begin();
      const waiting = second.lockKeys([key]).then(() => (hasLocked = true));
      const isWaiting = async (): Promise<boolean> =>
        (
          await a.pool.query(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).rows.length > 0;
      while (!hasLocked && !(await isWaiting()));
      expect(hasLocked).toBe(false);
      await first.commit();
      await waiting;
      await second.rollback();
      expect(hasLocked).toBe(true);
    });
  });

  describe('outbox', () => {
    it('hands other processes what was left behind, in order, and nothing of their own', async () => {
      const ids = await writeOutbox(a, ['one', 'two']);
      expect(await a.store.outboxOfPartition(partition)).toEqual([]);
      const left = await b.store.outboxOfPartition(partition);
      expect(left.map(({ id, encoded }) => [id, encoded.toString()])).toEqual([
        [ids[0], 'one'],
        [ids[1], 'two'],
      ]);
      await b.store.deleteOutbox(ids);
      expect(await b.store.outboxOfPartition(partition)).toEqual([]);
    });

    it('is swept by one process at a time', async () => {
      await writeOutbox(a, ['one']);
      expect(await b.store.outboxToSweep(0, 60_000, 10)).toHaveLength(1);
      const c = open('cccccccc-0000-4000-8000-000000000000');
      expect(await c.store.outboxToSweep(0, 60_000, 10)).toEqual([]);
      await a.pool.query("UPDATE sb_sweeper SET lease_until = '-infinity'");
      expect(await c.store.outboxToSweep(60_000, 60_000, 10)).toEqual([]);
      await a.pool.query("UPDATE sb_sweeper SET lease_until = '-infinity'");
    });
  });

  describe('pending', () => {
    it('keeps a record byte for byte and gives out only the head of each key', async () => {
      await writePending(a, [job('x', '1'), job('x', '2'), job('y', '3')]);
      const due = await b.store.claimDue({ ...anyDue, kinds: ['job'], limit: 10, leaseMs: 60_000 });
      expect(due.map(({ eventId }) => eventId).sort()).toEqual(['1', '3']);
      expect(due[0]?.record).toEqual(record);
      expect(await a.store.claimDue({ ...anyDue, kinds: ['job'], limit: 10, leaseMs: 60_000 })).toEqual([]);
    });

    it('ends only under the lease it was claimed with', async () => {
      await writePending(a, [job('x', '1')]);
      const [row] = await a.store.claimDue({ ...anyDue, kinds: ['job'], limit: 1, leaseMs: 0 });
      const [again] = await b.store.claimDue({ ...anyDue, kinds: ['job'], limit: 1, leaseMs: 60_000 });
      expect(again?.starts).toBe(2);
      const tx = await a.store.begin();
      expect(await tx.takePending([row?.lease as never])).toEqual(new Set());
      expect(await tx.takePending([row?.lease as never, again?.lease as never])).toEqual(
        new Set([again?.id]),
      );
      await tx.settlePending({ ...unsettled, ended: [again?.id as bigint] });
      await tx.commit();
      expect(await a.store.claimDue({ ...anyDue, kinds: ['job'], limit: 1, leaseMs: 0 })).toEqual([]);
    });

    it('sets, moves and cancels timers by name', async () => {
      const key = { kind: 'trial', value: 'u' };
      const setBy = { source: 's', eventId: 'e', correlationId: 'c', hops: 1 };
      const set = (name: string, dueAt: Date) => ({
        action: 'set' as const,
        key,
        name,
        dueAt,
        payload: { n: 1 },
        setBy,
      });
      await inChunk(a, { timers: [set('end', new Date(1)), set('nudge', new Date(2))] });
      await inChunk(a, { timers: [set('end', new Date(3)), { action: 'cancel', key, name: 'nudge' }] });
      const due = await a.store.claimDue({ ...anyDue, kinds: ['timer'], limit: 10, leaseMs: 0 });
      expect(due.map(({ timer, dueAt }) => [timer, dueAt])).toEqual([
        [{ name: 'end', payload: { n: 1 }, setBy }, new Date(3)],
      ]);
    });

    it('says when the next row is due', async () => {
      expect((await a.store.nextDue(['job'])).inMs).toBeUndefined();
      await writePending(a, [{ ...job('x', '1'), claimAt: new Date(Date.now() + 30_000) }]);
      const { inMs: ms } = await a.store.nextDue(['job']);
      expect(ms).toBeGreaterThan(20_000);
      expect(ms).toBeLessThanOrEqual(30_000);
    });

    it('tells listeners of every process', async () => {
      let isTold: () => void = () => undefined;
      const told = new Promise<void>((resolve) => (isTold = resolve));
      let calls = 0;
      const stop = await b.store.onPending(() => {
        calls += 1;
        if (calls === 2) isTold(); // the first call says that it listens
      });
      await writePending(a, [job('x', '1')]);
      await told;
      await stop();
    });
  });

  it('calls a lost connection trouble of the database', async () => {
    const tx = await a.store.begin();
    await b.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()",
    );
    await expect(tx.openChunk()).rejects.toMatchObject({ code: 'database_unavailable' });
    await tx.rollback();
    await expect(a.store.ping()).resolves.toBeUndefined();
  });

  async function readKey(of: TestStore, key: { kind: string; value: string }) {
    const tx = await of.store.begin();
    const rows = await tx.readKeys([key]);
    await tx.rollback();
    return rows;
  }
});
