import { fitsAnother, limitTime, remainingMs } from './time-limit.js';

describe('a limit of time', () => {
  afterEach(() => limitTime(Infinity));

  it('counts down from the start of the process; without one there is no end', () => {
    expect(remainingMs()).toBe(Infinity);
    limitTime(44_000);
    expect(remainingMs(40_000)).toBe(4_000);
    expect(remainingMs(45_000)).toBe(-1_000);
  });

  it('leaves room for a round as long as the mean of those before it, and for none longer', () => {
    expect(fitsAnother({ rounds: 2, elapsedMs: 4_000, allowedMs: 6_000 })).toBe(true);
    expect(fitsAnother({ rounds: 2, elapsedMs: 4_000, allowedMs: 5_999 })).toBe(false);
    expect(fitsAnother({ rounds: 2, elapsedMs: 4_000, allowedMs: Infinity })).toBe(true);
  });
});
