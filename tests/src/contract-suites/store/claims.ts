import { hash, inTransaction, partition, write, type Stores } from './stores.js';

const first = { expectedOffset: 5n, nextOffset: 8n };
const last = { offset: 7n, timestampMs: 1_700_000_000_000, hash: hash('the last') };
const other = { topic: 'orders', partition: 1 };

/** Who owns a partition, how far it is, and how often its owners died there. */
export function claimsContract(stores: () => Stores): void {
  const begin = (): Promise<void> => stores().a.startTopic('orders', new Map([[0, 5n]]), new Map([[0, 0n]]));
  const claim = async (by: keyof Stores) => {
    const claimed = await stores()[by].claim(partition);
    if (!claimed) throw new TypeError('nothing to claim');
    return claimed;
  };

  it('begins at the first offsets on a topic never seen, at the later ones on partitions that come afterwards', async () => {
    const { a } = stores();
    await begin();
    await a.startTopic(
      'orders',
      new Map([[1, 99n]]),
      new Map([
        [0, 1n],
        [1, 3n],
      ]),
    );
    expect((await claim('a')).nextOffset).toBe(5n);
    expect((await a.claim(other))?.nextOffset).toBe(3n);
    expect(await a.claim({ topic: 'orders', partition: 2 })).toBeUndefined();
    expect(await a.claim({ topic: 'unknown', partition: 0 })).toBeUndefined();
  });

  it('refuses the chunk of an owner whose partition was claimed by another, and one at another place', async () => {
    const { a, b } = stores();
    await begin();
    const [old, now] = [await claim('a'), await claim('b')];
    expect(now.epoch).toBe(old.epoch + 1n);
    const fence = (by: keyof Stores, epoch: bigint, at = first) =>
      inTransaction(stores()[by], (tx) => tx.fence({ ...partition, ...at, epoch }));
    expect(await fence('a', old.epoch)).toBeUndefined();
    expect(await fence('b', now.epoch, { expectedOffset: 6n, nextOffset: 7n })).toBeUndefined();
    expect(await a.confirm(partition, old.epoch)).toBeUndefined();
    expect(await b.confirm(partition, now.epoch)).toBe(5n);
    const [one, two] = [
      await fence('b', now.epoch),
      await fence('b', now.epoch, { expectedOffset: 8n, nextOffset: 9n }),
    ];
    expect(two?.chunk).toBeGreaterThan(one?.chunk ?? 0n);
    expect(await b.confirm(partition, now.epoch)).toBe(9n);
  });

  it('makes a claim wait for the open transaction of the owner before, and shows what that came to', async () => {
    const { a } = stores();
    await begin();
    const { epoch } = await claim('a');
    const [committed, undone] = [await a.begin(), await a.begin()];
    await committed.fence({ ...partition, ...first, epoch, last });
    const waiting = claim('b');
    await committed.commit();
    expect(await waiting).toMatchObject({ nextOffset: 8n, last: { offset: 7n, hash: last.hash } });
    await undone.rollback();
  });

  it('counts claims of an owner that vanished at the same offset, not those after it let go or went on', async () => {
    const { a, b } = stores();
    await begin();
    const counted = [(await claim('a')).claimsUnchanged, (await claim('b')).claimsUnchanged];
    counted.push((await claim('a')).claimsUnchanged);
    await a.release([partition]);
    await b.release([partition]); // not its own any more: changes nothing
    const { epoch, claimsUnchanged } = await claim('b');
    await inTransaction(b, (tx) => tx.fence({ ...partition, ...first, epoch }));
    counted.push(claimsUnchanged, (await claim('a')).claimsUnchanged);
    expect(counted).toEqual([1, 2, 3, 3, 1]);
  });

  it('moves a claimed partition to where its topic begins anew, and forgets the last record then', async () => {
    const { a } = stores();
    await begin();
    const { epoch } = await claim('a');
    await inTransaction(a, (tx) => tx.fence({ ...partition, ...first, epoch, last }));
    expect(await a.reposition(partition, epoch, 0n)).toBe(true);
    const now = await claim('b');
    expect([now.nextOffset, now.last]).toEqual([0n, undefined]);
    expect(await a.reposition(partition, epoch, 3n)).toBe(false);
  });

  it('counts the marks of a suspect until one is taken back, and those of another record anew', async () => {
    const { a } = stores();
    await begin();
    const { epoch } = await claim('a');
    const mark = (offset: bigint) => a.markSuspect(partition, epoch, offset);
    expect([await mark(5n), await mark(5n)]).toEqual([1, 2]);
    await a.unmarkSuspect?.(partition, 5n);
    await a.unmarkSuspect?.(partition, 4n);
    expect([await mark(5n), await mark(6n)]).toEqual([2, 1]);
    await claim('b');
    expect(await mark(6n)).toBeUndefined();
  });

  it('tells how far the agent is, and since when records to itself are unpublished', async () => {
    const { a } = stores();
    await begin();
    await a.startTopic('bills', new Map(), new Map([[0, 4n]]));
    const before = await a.now();
    const idle = await a.inputProgress(['orders'], 'me.internal');
    expect(idle).toEqual({
      partitions: [{ ...partition, nextOffset: 5n }].map((one) => expect.objectContaining(one)),
      oldestInternalAt: null,
    });
    await write(a, {
      outbox: [{ topic: 'me.internal', partition: 0, records: [], encoded: Buffer.from('x') }],
    });
    const busy = await a.inputProgress(['orders', 'bills'], 'me.internal');
    expect(busy.partitions.map(({ topic, nextOffset }) => [topic, nextOffset]).sort()).toEqual([
      ['bills', 4n],
      ['orders', 5n],
    ]);
    expect(busy.oldestInternalAt?.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
  });
}
