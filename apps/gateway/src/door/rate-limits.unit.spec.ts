import { RateLimits } from './rate-limits.js';

const limitsAt = (nowMs = 0) => new RateLimits({ perSecond: 1, burst: 2 }, () => nowMs);
const depthMax = 32;
const bodyBytesMax = 1;

describe('RateLimits', () => {
  it('counts addresses apart, and those of one IPv6 network together', () => {
    const limits = limitsAt();
    const waits = (addresses: readonly string[]) => addresses.map((one) => limits.takeForAddress(one));
    expect(waits(['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'])).toEqual([0, 0, 1, 0]);
    expect(waits(['2001:db8::1', '2001:db8::2', '2001:db8:0:0:9::3', '2001:db8:0:1::1'])).toEqual([
      0, 0, 1, 0,
    ]);
    expect(waits(['::1', '::2', '0:0:0:0:1::'])).toEqual([0, 0, 1]);
  });

  it('costs an address nothing what is given back', () => {
    const limits = limitsAt();
    for (let n = 0; n < 50; n += 1) {
      expect(limits.takeForAddress('192.0.2.1')).toBe(0);
      limits.giveBackToAddress('192.0.2.1');
    }
  });

  it('limits a source that has a limit, with ten seconds at once unless told otherwise', () => {
    const limits = limitsAt();
    const slow = { name: 'slow', limits: { ratePerSecond: 0.2, depthMax, bodyBytesMax } };
    expect([1, 2, 3].map(() => limits.takeForSource(slow))).toEqual([0, 0, 5]);
    const bursty = { name: 'bursty', limits: { ratePerSecond: 0.2, burst: 1, depthMax, bodyBytesMax } };
    expect([1, 2].map(() => limits.takeForSource(bursty))).toEqual([0, 5]);
    const free = { name: 'free', limits: { depthMax, bodyBytesMax } };
    for (let n = 0; n < 100; n += 1) expect(limits.takeForSource(free)).toBe(0);
  });
});
