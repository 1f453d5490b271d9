import fc from 'fast-check';
import { decodeRecords, encodeRecords } from './stored-records.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const headerName = fc.oneof(fc.constantFrom('a', 'b'), fc.stringMatching(/^[a-z][a-z_-]{0,10}$/));
const headerValue = fc.oneof(fc.constant('same'), fc.string(), bytes);
const record = fc.record(
  {
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(headerName, headerValue, { noNullPrototype: true }),
    timestampMs: fc.nat(),
  },
  { requiredKeys: ['key', 'value', 'headers'] },
);

describe('stored outbox records', () => {
  it('come back as they were, null apart from empty, text apart from bytes', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), (records) => {
        expect(decodeRecords(encodeRecords(records))).toEqual(records);
      }),
    );
  });

  it('hold headers that repeat from record to record once', () => {
    const records = ['1', '2', '3'].map((id) => ({
      key: null,
      value: null,
      headers: { 'content-type': 'application/vnd.signalbox.event+json', id },
    }));
    const stored = encodeRecords(records);
    expect(stored.toString('latin1').match(/content-type/g)).toHaveLength(1);
    expect(decodeRecords(stored)).toEqual(records);
  });

  it('are read in the form they had before, with all headers of each record', () => {
    const rests = ['{"headers":{"a":"1","b":"2"}}', '{"headers":{"a":"3"},"timestampMs":5}'];
    const part = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
    const stored = Buffer.concat(rests.flatMap((rest) => [part('k'), part('v'), part(rest)]));
    const record = { key: Buffer.from('k'), value: Buffer.from('v') };
    expect(decodeRecords(stored)).toEqual([
      { ...record, headers: { a: '1', b: '2' } },
      { ...record, headers: { a: '3' }, timestampMs: 5 },
    ]);
  });

  it('are refused when they are cut off', () => {
    const whole = encodeRecords([{ key: Buffer.from('k'), value: Buffer.from('value'), headers: {} }]);
    expect(() => decodeRecords(whole.subarray(0, whole.length - 3))).toThrow('cut off');
  });
});
