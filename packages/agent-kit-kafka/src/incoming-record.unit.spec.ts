import type { KafkaMessage } from 'kafkajs';
import { toIncomingRecord } from './incoming-record.js';

const message = (headers: unknown): KafkaMessage =>
  ({
    key: null,
    value: Buffer.from('v'),
    timestamp: '1700000000123',
    attributes: 0,
    offset: '9007199254740993',
    headers,
  }) as KafkaMessage;

describe('toIncomingRecord', () => {
  it('keeps offsets beyond what a number holds', () => {
    expect(toIncomingRecord(message({}))).toEqual({
      offset: 9007199254740993n,
      timestampMs: 1_700_000_000_123,
      key: null,
      value: Buffer.from('v'),
      headers: {},
    });
  });

  it('takes the last of repeated headers, and an empty one for none', () => {
    const { headers } = toIncomingRecord(
      message({ a: [Buffer.from('1'), Buffer.from('2')], b: null, c: 'text', d: undefined }),
    );
    expect(headers).toEqual({
      a: Buffer.from('2'),
      b: Buffer.alloc(0),
      c: Buffer.from('text'),
      d: Buffer.alloc(0),
    });
  });

  it('is not led astray by a header called __proto__', () => {
    const { headers } = toIncomingRecord(message(JSON.parse('{"__proto__": "x"}')));
    expect(Object.keys(headers)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });

  it('takes a record without headers', () => {
    expect(toIncomingRecord(message(undefined)).headers).toEqual({});
  });
});
