import { inTransaction, letter, partition, write, type Stores } from './stores.js';

const rows = (...texts: string[]) =>
  texts.map((text, at) => ({ topic: 't', partition: at, records: [], encoded: Buffer.from(text) }));
const textsOf = (left: readonly { readonly encoded: Buffer }[]): string[] =>
  left.map(({ encoded }) => encoded.toString());

/** What was committed and may not be published yet; and which failures are new. */
export function outboxAndLettersContract(stores: () => Stores): void {
  it('hands other processes what was left behind, in order, and nothing of their own', async () => {
    const { a, b } = stores();
    const before = await write(a, { origin: { topic: 'elsewhere', partition: 3 }, outbox: rows('before') });
    const ids = [...before, ...(await write(a, { outbox: rows('one', 'two') }))];
    await write(a, { origin: null, outbox: rows('after') });
    expect(await a.outboxOfPartition(partition)).toEqual([]);
    const left = await b.outboxOfPartition(partition);
    expect(left.map(({ id }) => id)).toEqual(ids);
    expect(textsOf(left)).toEqual(['before', 'one', 'two']);
    expect([...(await b.storedOutbox([...ids, 999_999_999n]))].sort()).toEqual([...ids].sort());
    await b.deleteOutbox(ids);
    expect(await b.storedOutbox(ids)).toEqual([]);
  });

  it('tells what others have not published up to a chunk, and deletes what the broker has acknowledged', async () => {
    const { a, b } = stores();
    const [first = 0n] = await write(a, { outbox: rows('first') });
    const [row] = await b.outboxOfPartition(partition);
    await write(a, { outbox: rows('second') });
    const upTo = (chunk: bigint, by = b) => inTransaction(by, (tx) => tx.outboxOfChunks([chunk]));
    expect(textsOf(await upTo(row?.chunk ?? 0n))).toEqual(['first']);
    expect(await upTo(row?.chunk ?? 0n, a)).toEqual([]);
    await write(a, { acknowledged: [first, 999_999_999n] });
    expect(textsOf(await b.outboxOfPartition(partition))).toEqual(['second']);
  });

  it('tells what was written before, also under a higher chunk: a chunk has its number before its keys', async () => {
    const { a, b } = stores();
    const slow = await a.begin();
    const { chunk } = await slow.openChunk();
    await write(a, { outbox: rows('before') });
    const nothing = { origin: null, keys: [], pending: [], timers: [], deadLetters: [], acknowledged: [] };
    await slow.write({ ...nothing, chunk, outbox: rows('after') });
    await slow.commit();
    await write(a, { outbox: rows('later') });
    const left = await inTransaction(b, (tx) => tx.outboxOfChunks([chunk]));
    expect(textsOf(left)).toEqual(['before', 'after']);
  });

  it('lets one process at a time sweep, so many rows of others as asked for', async () => {
    const { a, b } = stores();
    await write(a, { outbox: rows('one', 'two', 'three') });
    await write(b, { outbox: rows('of b') });
    expect(textsOf(await b.outboxToSweep(-1_000, 60_000, 2))).toEqual(['one', 'two']);
    expect(await a.outboxToSweep(-1_000, 60_000, 2)).toEqual([]);
    expect(textsOf(await b.outboxToSweep(-1_000, -1, 2))).toEqual(['one', 'two']);
    // Who finds nothing holds up nobody.
    expect(await b.outboxToSweep(3_600_000, 60_000, 2)).toEqual([]);
    expect(textsOf(await a.outboxToSweep(-1_000, 60_000, 9))).toEqual(['of b']);
  });

  it('tells one transaction at a time which kinds of dead letters are new', async () => {
    const { a, b } = stores();
    const [first, second] = [await a.begin(), await b.begin()];
    const { chunk } = await first.openChunk();
    expect([...(await first.newFingerprints(['y', 'x', 'x']))].sort()).toEqual(['x', 'y']);
    const waiting = second.newFingerprints(['x', 'z']);
    const nothing = { origin: null, keys: [], pending: [], timers: [], outbox: [], acknowledged: [] };
    await first.write({ ...nothing, chunk, deadLetters: [letter('x')] });
    await first.commit();
    expect(await waiting).toEqual(['z']);
    await second.rollback();
    expect(await inTransaction(b, (tx) => tx.newFingerprints(['y']))).toEqual(['y']);
  });
}
