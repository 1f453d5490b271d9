import Decoder from 'kafkajs/src/protocol/decoder';
import encode from 'kafkajs/src/protocol/recordBatch/record/v0';
import original from 'kafkajs/src/protocol/recordBatch/record/v0/decoder';
import { decodeRecord, type BatchContext } from './decode-record.js';

const batch: BatchContext = {
  firstOffset: '9007199254000000',
  firstTimestamp: '1775390400000',
  maxTimestamp: '1775390409999',
  magicByte: 2,
  isControlBatch: false,
  timestampType: 0,
};
/** The record without the length before it, as kafkajs cuts it out of a batch. */
function bytesOf(parts: object): Buffer {
  const { buffer } = encode(parts);
  let at = 0;
  while ((buffer[at] as number) >= 0x80) at += 1;
  return buffer.subarray(at + 1);
}
const ours = (bytes: Buffer, context = batch) => decodeRecord(bytes, context);
const theirs = (bytes: Buffer, context = batch) => original(new Decoder(bytes), context);

const value = Buffer.from('{"a":1}');
const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`header-${n}`, String(n)]));

describe('decodeRecord', () => {
  it.each([
    ['nothing but a value', { value }],
    ['key and value', { key: Buffer.from('k'), value, offsetDelta: 499, timestampDelta: 12_345 }],
    ['null key and value', { key: null, value: null }],
    ['empty key and value', { key: Buffer.alloc(0), value: Buffer.alloc(0) }],
    ['a time before the first', { value, timestampDelta: -7 }],
    ['headers', { value, headers: { 'content-type': 'application/json', empty: '', ünïcode: 'ä€🙂' } }],
    ['a header that occurs twice and thrice', { value, headers: { h: ['1', '2', '3'], once: 'x' } }],
    ['many headers', { value, headers: many }],
    ['a large value', { value: Buffer.alloc(70_000, 1) }],
  ])('reads %s as kafkajs does', (_what, parts) => {
    const bytes = bytesOf(parts);
    expect(ours(bytes)).toEqual(theirs(bytes));
    expect(Object.keys(ours(bytes)?.headers ?? {})).toEqual(
      Object.keys((theirs(bytes) as { headers: object }).headers),
    );
  });

  it('does not mix up the headers of records that follow one another', () => {
    const sets = [
      { a: '1', b: 'same', c: '3' },
      { a: '2', b: 'same', c: '3' },
      { b: 'same', a: '2' },
      {},
      { a: '', é: 'same', c: 'ä' },
      { a: '22', é: 'samf', c: 'ö' },
    ];
    for (const context of [batch, { ...batch }]) {
      for (const headers of [...sets, ...sets.toReversed()]) {
        const bytes = bytesOf({ value, headers });
        expect(ours(bytes, context)).toEqual(theirs(bytes, context));
      }
    }
  });

  it('makes values that repeat within a batch once, and keeps none of another batch', () => {
    const bytes = [bytesOf({ value, headers: { a: '1' } }), bytesOf({ value, headers: { a: '1' } })];
    const [first, second, other] = [batch, batch, { ...batch }].map(
      (context, n) => ours(bytes[n % 2] as Buffer, context)?.headers['a'],
    );
    expect(second).toBe(first);
    expect(other).toEqual(first);
    expect(other).not.toBe(first);
  });

  it('takes headers named like what every object has for headers', () => {
    const headers = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
    expect(Object.entries(ours(bytesOf({ value, headers }))?.headers ?? {})).toEqual([
      ['__proto__', Buffer.from('x')],
      ['constructor', Buffer.from('y')],
    ]);
  });

  it("takes the broker's time where the batch says so", () => {
    const bytes = bytesOf({ value, timestampDelta: 5 });
    const context = { ...batch, timestampType: 1 };
    expect(ours(bytes, context)).toEqual(theirs(bytes, context));
    expect(ours(bytes, context)?.timestamp).toBe(batch.maxTimestamp);
  });

  it('leaves numbers it cannot hold, and records that are cut off, to kafkajs', () => {
    const bytes = bytesOf({ key: 'key', value, headers: { a: 'b' } });
    expect(ours(bytes, { ...batch, firstOffset: '9223372036854775000' })).toBeUndefined();
    expect(ours(bytes, { ...batch, firstTimestamp: '9223372036854775000' })).toBeUndefined();
    for (let length = 0; length < bytes.length; length += 1)
      expect(ours(bytes.subarray(0, length))).toBeUndefined();
    expect(ours(Buffer.alloc(30, 0xff))).toBeUndefined();
  });
});
