import { spanMs } from './span.js';

it.each([
  [0, 0],
  [1_500, 1_500],
  ['0s', 0],
  ['250ms', 250],
  ['90s', 90_000],
  ['4h', 14_400_000],
  ['14d', 1_209_600_000],
] as const)('%p is %d ms', (span, ms) => expect(spanMs(span)).toBe(ms));

it.each([-1, 0.5, NaN, Infinity, '', '4', 'h', '1.5h', '4 h', '4w', '-4h'])('%p is no span', (span) =>
  expect(() => spanMs(span as never)).toThrow('no span of time'),
);
