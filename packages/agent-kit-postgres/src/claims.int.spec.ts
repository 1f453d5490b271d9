import { processA, useStores, type TestStore } from '../test/database.js';

const first = { topic: 'orders', partition: 0 };
const second = { topic: 'orders', partition: 1 };

describe('claims after a death, and the records it left behind', () => {
  let a: TestStore;
  let b: TestStore;
  useStores((opened) => ({ a, b } = opened));
  beforeEach(async () => {
    await a.pool.query('TRUNCATE sb_progress, sb_outbox, sb_key');
    const offsets = new Map([
      [0, 5n],
      [1, 5n],
    ]);
    await a.store.startTopic('orders', offsets, offsets);
  });

  const leave = async (chunk: number, partition: number) =>
    (
      await a.pool.query<{ id: string }>(
        `INSERT INTO sb_outbox (chunk, owner, origin_topic, origin_partition, topic, partition, records)
         VALUES ($1, $2, 'orders', $3, 't', 0, '') RETURNING id`,
        [chunk, processA, partition],
      )
    ).rows[0]?.id;

  it('count a marked record that is still next, although the progress has moved up to it', async () => {
    const claim = await a.store.claim(first);
    const epoch = claim?.epoch ?? 0n;
    const tx = await a.store.begin();
    await tx.fence({ ...first, epoch, expectedOffset: 5n, nextOffset: 7n });
    await tx.commit();
    expect(await a.store.markSuspect(first, epoch, 7n)).toBe(1);
    expect((await b.store.claim(first))?.claimsUnchanged).toBe(2);
  });

  it('begin anew when the progress has moved and nothing is marked there', async () => {
    const claim = await a.store.claim(first);
    const tx = await a.store.begin();
    await tx.fence({ ...first, epoch: claim?.epoch ?? 0n, expectedOffset: 5n, nextOffset: 7n });
    await tx.commit();
    expect((await b.store.claim(first))?.claimsUnchanged).toBe(1);
  });

  it('count marks until one is taken back by a process that lives', async () => {
    const epoch = (await a.store.claim(first))?.epoch ?? 0n;
    expect(await a.store.markSuspect(first, epoch, 5n)).toBe(1);
    expect(await a.store.markSuspect(first, epoch, 5n)).toBe(2);
    await a.store.unmarkSuspect(first, 5n);
    await a.store.unmarkSuspect(first, 6n); // another record's
    expect(await a.store.markSuspect(first, epoch, 5n)).toBe(2);
    expect(await a.store.markSuspect(first, epoch + 1n, 5n)).toBeUndefined();
  });

  it('hand over what the dead process wrote before, from wherever, so that no key is overtaken', async () => {
    const earlier = await leave(10, 1);
    const ours = await leave(12, 0);
    await leave(13, 1);
    const ids = (await b.store.outboxOfPartition(first)).map(({ id }) => String(id));
    expect(ids).toEqual([earlier, ours]);
    expect(await a.store.outboxOfPartition(second)).toEqual([]);
  });

  it('find earlier chunks of a key unpublished even when its last one is published', async () => {
    const earlier = await leave(10, 1);
    const tx = await b.store.begin();
    const rows = await tx.outboxOfChunks([12n]);
    expect(rows.map(({ id }) => String(id))).toEqual([earlier]);
    expect(await tx.outboxOfChunks([9n])).toEqual([]);
    await tx.rollback();
  });

  it('keep the highest chunk of a key: chunks get their number before they lock it', async () => {
    const key = { kind: 'k', value: 'v' };
    for (const chunk of [12n, 10n]) {
      const tx = await a.store.begin();
      await tx.lockKeys([key]);
      const keys = [{ ...key, state: null, stateVersion: 0, changed: false, emitted: true, blocked: false }];
      const nothing = {
        origin: null,
        pending: [],
        timers: [],
        deadLetters: [],
        outbox: [],
        acknowledged: [],
      };
      await tx.write({ ...nothing, chunk, keys });
      await tx.commit();
    }
    const tx = await b.store.begin();
    expect((await tx.lockKeys([key]))[0]).toMatchObject({ lastChunk: 12n, lastOwner: processA });
    await tx.rollback();
  });
});
