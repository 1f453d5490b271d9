import { TokenBucket } from './token-bucket.js';

describe('a token bucket', () => {
  it('begins with the tokens of a second and gives out no more', () => {
    const bucket = new TokenBucket(3, 0);
    expect(bucket.available(0)).toBe(3);
    for (let n = 0; n < 3; n += 1) bucket.take(0);
    expect(bucket.available(0)).toBe(0);
    expect(bucket.available(60_000)).toBe(3);
  });

  it('says when the next token is there, never early', () => {
    const bucket = new TokenBucket(4, 0);
    for (let n = 0; n < 4; n += 1) bucket.take(0);
    expect(bucket.msToNext(0)).toBe(250);
    expect(bucket.available(249)).toBe(0);
    expect(bucket.available(250)).toBe(1);
    expect(bucket.msToNext(250)).toBe(0);
  });

  it('keeps rates below one a second', () => {
    const bucket = new TokenBucket(0.1, 0);
    bucket.take(0);
    expect(bucket.msToNext(0)).toBe(10_000);
    expect(bucket.isFull(5_000)).toBe(false);
    expect(bucket.isFull(10_000)).toBe(true);
  });

  it('takes no harm from a clock that stands still or goes back', () => {
    const bucket = new TokenBucket(1, 1_000);
    bucket.take(1_000);
    expect(bucket.available(500)).toBe(0);
    expect(bucket.available(1_999)).toBe(0);
    expect(bucket.available(2_000)).toBe(1);
  });
});
