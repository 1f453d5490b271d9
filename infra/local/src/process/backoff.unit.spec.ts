import { crashesInARow, restartDelayMs } from './backoff.js';

describe('the wait before a restart', () => {
  it('doubles with each crash in a row and ends at 30 s', () => {
    expect([1, 2, 3, 6, 7, 8, 1_000].map(restartDelayMs)).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('begins anew after a minute without a crash', () => {
    expect(crashesInARow(0, 10)).toBe(1);
    expect(crashesInARow(4, 59_999)).toBe(5);
    expect(crashesInARow(4, 60_000)).toBe(1);
  });
});
