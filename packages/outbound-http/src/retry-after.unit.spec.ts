import { parseRetryAfter, retryAfterMsMax } from './retry-after.js';

const now = Date.parse('2026-04-05T12:00:00Z');

it.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 05 Apr 2026 12:01:30 GMT', 90_000],
  ['Sun, 05 Apr 2026 11:00:00 GMT', 0],
  ['999999999999', retryAfterMsMax],
  ['Sun, 05 Apr 2037 11:00:00 GMT', retryAfterMsMax],
])('reads %j', (header, waitMs) => expect(parseRetryAfter(header, now)).toBe(waitMs));

it.each([[undefined], [''], ['-1'], ['1.5'], ['soon'], ['2026-04-05T12:01:30Z'], ['9'.repeat(16)]])(
  'ignores %j',
  (header) => expect(parseRetryAfter(header, now)).toBeUndefined(),
);
