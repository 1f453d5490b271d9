import type { FetchedBatch, IncomingRecord } from '../ports/records.js';
import { RecordQueue } from './record-queue.js';

const record = (offset: bigint): IncomingRecord => ({
  offset,
  timestampMs: 0,
  key: null,
  value: null,
  headers: {},
});

/** A batch that covers `from` to `last`; the offsets not named were compacted away or are markers. */
const batch = (from: bigint, last: bigint, offsets: readonly bigint[]): FetchedBatch => ({
  topic: 't',
  partition: 0,
  fetchedOffset: from,
  lastOffset: last,
  records: offsets.map(record),
  highWatermark: last + 1n,
});
const offsetsOf = (records: readonly IncomingRecord[] = []) => records.map(({ offset }) => offset);

describe('RecordQueue', () => {
  it('takes a batch only where the last one ended', () => {
    const queue = new RecordQueue(5n);
    expect(queue.offer(batch(4n, 6n, [4n, 5n, 6n]))).toBe(false);
    expect(queue.offer(batch(6n, 6n, [6n]))).toBe(false);
    expect(queue.expected).toBe(5n);
    expect(queue.offer(batch(5n, 9n, [5n, 7n]))).toBe(true);
    expect(queue.expected).toBe(10n);
  });

  it('passes over markers and compacted records at the end of a batch', async () => {
    const queue = new RecordQueue(0n);
    queue.offer(batch(0n, 9n, [0n, 3n]));
    const chunk = await queue.take(500);
    expect(offsetsOf(chunk?.records)).toEqual([0n, 3n]);
    expect(chunk?.next).toBe(10n);
  });

  it('moves on over a batch without any record', async () => {
    const queue = new RecordQueue(0n);
    queue.offer(batch(0n, 4n, []));
    expect(await queue.take(500)).toEqual({ records: [], next: 5n });
  });

  it('cuts a chunk inside a batch at the last record taken', async () => {
    const queue = new RecordQueue(0n);
    queue.offer(batch(0n, 4n, [0n, 1n, 3n]));
    queue.offer(batch(5n, 6n, [5n, 6n]));
    expect(await queue.take(2)).toMatchObject({ next: 2n });
    const rest = await queue.take(2);
    expect(offsetsOf(rest?.records)).toEqual([3n, 5n]);
    expect(rest?.next).toBe(6n);
    expect(queue.size).toBe(1);
  });

  it('waits for records, and ends the wait when it is closed', async () => {
    const queue = new RecordQueue(0n);
    const first = queue.take(10);
    queue.offer(batch(0n, 0n, [0n]));
    expect(await first).toMatchObject({ next: 1n });
    const second = queue.take(10);
    queue.close();
    expect(await second).toBeUndefined();
  });

  it('knows how many bytes wait and which record is next', async () => {
    const sized = (offset: bigint, bytes: number): IncomingRecord => ({
      ...record(offset),
      value: Buffer.alloc(bytes),
    });
    const queue = new RecordQueue(0n);
    expect([queue.bytes, queue.head]).toEqual([0, undefined]);
    queue.offer({ ...batch(0n, 1n, []), records: [sized(0n, 100), sized(1n, 100)] });
    queue.offer({ ...batch(2n, 3n, []), records: [sized(2n, 50)] });
    expect(queue.bytes).toBe(250);
    await queue.take(1);
    expect([queue.bytes, queue.head?.offset]).toEqual([150, 1n]);
    await queue.take(5);
    expect([queue.bytes, queue.head]).toEqual([0, undefined]);
  });
});
