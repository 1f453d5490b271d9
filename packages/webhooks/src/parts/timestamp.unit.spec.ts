import * as fc from 'fast-check';
import { judgeTime, parseTimestamp, writeTimestamp } from './timestamp.js';

const units = ['s', 'ms', 'rfc3339'] as const;

it.each(units)('%s: reads what it writes, to the unit', (unit) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
      const read = parseTimestamp(writeTimestamp(ms, unit), unit);
      expect(read).toBe(unit === 'ms' ? ms : Math.floor(ms / 1_000) * 1_000);
    }),
  );
});

it.each(units)('%s: reads no other text', (unit) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
      const read = parseTimestamp(text, unit);
      expect(read === undefined || Number.isSafeInteger(read)).toBe(true);
      if (/[^0-9TZ:.+-]/.test(text)) expect(read).toBeUndefined();
    }),
  );
});

it.each([
  [0, true],
  [300_000, true],
  [-300_000, true],
  [300_001, false],
  [-300_001, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('%d ms from now: %s', (away, ok) => {
  expect(judgeTime('k', 1_000_000 + away, 1_000_000, 300).ok).toBe(ok);
});

it('says how far is too far', () => {
  expect(judgeTime('k', 0, 11_000, 10)).toEqual({
    ok: false,
    code: 'timestamp_out_of_tolerance',
    reason: 'The signature is right, but its time is more than 10 s from now.',
  });
});
