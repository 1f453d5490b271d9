import { TokenBuckets } from './token-buckets.js';

const limits = { perSecond: 2, burst: 3 };

describe('TokenBuckets', () => {
  it('lets a burst through, then the rate, and says how long to wait', () => {
    const buckets = new TokenBuckets(10);
    expect([1, 2, 3].map(() => buckets.take('a', limits, 0))).toEqual([0, 0, 0]);
    expect(buckets.take('a', limits, 0)).toBe(1);
    expect(buckets.take('a', limits, 499)).toBe(1);
    expect(buckets.take('a', limits, 500)).toBe(0);
    expect(buckets.take('a', { perSecond: 0.1, burst: 3 }, 500)).toBe(10);
  });

  it('never holds more than the burst, and takes a clock that stands still or steps back', () => {
    const buckets = new TokenBuckets(10);
    buckets.take('a', limits, 1_000);
    expect([1, 2, 3, 4].map(() => buckets.take('a', limits, 3_600_000))).toEqual([0, 0, 0, 1]);
    expect(buckets.take('a', limits, 0)).toBe(1);
  });

  it('keeps keys apart and gives tokens back', () => {
    const buckets = new TokenBuckets(10);
    for (let n = 0; n < 3; n += 1) buckets.take('a', limits, 0);
    expect(buckets.take('b', limits, 0)).toBe(0);
    buckets.giveBack('a', limits);
    expect(buckets.take('a', limits, 0)).toBe(0);
    expect(buckets.take('a', limits, 0)).toBe(1);
    for (let n = 0; n < 9; n += 1) buckets.giveBack('b', limits);
    buckets.giveBack('unknown', limits);
    expect([1, 2, 3, 4].map(() => buckets.take('b', limits, 0))).toEqual([0, 0, 0, 1]);
  });

  it('forgets the key not used for longest when there are too many', () => {
    const buckets = new TokenBuckets(2);
    for (let n = 0; n < 3; n += 1) buckets.take('old', limits, 0);
    for (let n = 0; n < 3; n += 1) buckets.take('used', limits, 0);
    buckets.take('old', limits, 0);
    buckets.take('used', limits, 0);
    buckets.take('new', limits, 0);
    expect(buckets.size).toBe(2);
    expect(buckets.take('used', limits, 0)).toBe(1);
    expect(buckets.take('old', limits, 0)).toBe(0);
    for (let n = 0; n < 10_000; n += 1) buckets.take(`attacker-${n}`, limits, 0);
    expect(buckets.size).toBe(2);
  });
});
