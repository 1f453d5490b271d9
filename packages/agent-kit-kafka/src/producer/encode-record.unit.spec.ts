import kafkajsRecord from 'kafkajs/src/protocol/recordBatch/record/v0';
import { ByteWriter } from './byte-writer.js';
import { measureRecord, recordBytes, writeRecord, type RecordParts } from './encode-record.js';

function ours(parts: RecordParts): string | undefined {
  const record = measureRecord(parts);
  if (!record) return undefined;
  const writer = new ByteWriter(recordBytes(record));
  writeRecord(writer, record);
  expect(writer.length).toBe(writer.bytes.length);
  return writer.bytes.toString('hex');
}
const theirs = (parts: RecordParts): string => kafkajsRecord(parts).buffer.toString('hex');

const text = (length: number, char = 'a'): string => char.repeat(length);

describe('a record', () => {
  const records: [string, RecordParts][] = [
    ['nothing in it', { value: null }],
    ['a tombstone', { key: Buffer.from('usr-1'), value: null, headers: {} }],
    ['no key', { key: null, value: Buffer.from('{}') }],
    ['an empty value', { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: { empty: '' } }],
    [
      'text and bytes in headers',
      { value: Buffer.from('v'), headers: { a: 'text', b: Buffer.from([0, 255]) } },
    ],
    ['letters of more than a byte', { key: 'schlüssel', value: 'Füße 🚀', headers: { größe: '✓ 🚀' } }],
    ['a place in its batch', { offsetDelta: 499, timestampDelta: 86_400_000, value: Buffer.from('v') }],
    [
      'many headers',
      {
        value: Buffer.from('v'),
        headers: Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`h${n}`, text(n)])),
      },
    ],
  ];
  it.each(records)('writes %s byte for byte as kafkajs does', (_what, parts) => {
    expect(ours(parts)).toBe(theirs(parts));
  });

  // A length is written in one byte more from each of these on.
  it.each([0, 63, 64, 127, 128, 8_191, 8_192, 1_048_575, 1_048_576])(
    'values of %d bytes as well',
    (length) => {
      const parts = {
        key: text(length % 300),
        value: Buffer.alloc(length, 'v'),
        headers: { h: text(length % 9_000) },
      };
      expect(ours(parts)).toBe(theirs(parts));
    },
  );

  it.each([0, 1, 63, 64, 8_191, 8_192, 134_217_727, 134_217_728, 2 ** 30 - 1])(
    'a time difference of %d',
    (timestampDelta) => {
      const parts = { offsetDelta: timestampDelta % 100_000, timestampDelta, value: Buffer.from('v') };
      expect(ours(parts)).toBe(theirs(parts));
    },
  );

  it.each([
    ['a list of header values', { value: null, headers: { a: ['x', 'y'] } }],
    ['a header without a value', { value: null, headers: { a: null } }],
    ['a time before the first record', { value: null, timestampDelta: -1 }],
    ['a time that does not fit', { value: null, timestampDelta: 2 ** 30 }],
  ])('leaves %s to kafkajs', (_what, parts) => {
    expect(measureRecord(parts)).toBeUndefined();
  });
});
