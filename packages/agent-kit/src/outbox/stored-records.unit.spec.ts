import fc from 'fast-check';
import { decodeRecords, encodeRecords } from './stored-records.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const headerName = fc.stringMatching(/^[a-z][a-z_-]{0,10}$/);
const record = fc.record(
  {
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(headerName, fc.oneof(fc.string(), bytes), { noNullPrototype: true }),
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

  it('are refused when they are cut off', () => {
    const whole = encodeRecords([{ key: Buffer.from('k'), value: Buffer.from('value'), headers: {} }]);
    expect(() => decodeRecords(whole.subarray(0, whole.length - 3))).toThrow('cut off');
  });
});
