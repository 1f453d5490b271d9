import { atLeast, atMost, isMet, reported, summarise } from './result.js';

describe('summarise', () => {
  it('takes the median of rates and of CPU per 1,000 events, not of times', () => {
    const side = summarise('a', 'ours', [
      { events: 1_000, seconds: 1, cpuSeconds: 0.5, more: { p99Ms: 7 } },
      { events: 1_000, seconds: 2, cpuSeconds: 0.7, more: { p99Ms: 9 } },
      { events: 1_000, seconds: 10, cpuSeconds: 0.6, more: { p99Ms: 8 } },
    ]);
    expect(side).toMatchObject({
      rounds: 3,
      eventsPerRound: 1_000,
      perSecond: 500,
      perSecondMin: 100,
      perSecondMax: 1_000,
      cpuSecondsPer1000: 0.6,
      more: { p99Ms: 8 },
    });
    expect(side.spread).toBeCloseTo(1.8);
  });
});

describe('ratios', () => {
  it('are met at the limit and not beyond it', () => {
    expect(atLeast('x', 0.7, 0.7).met).toBe(true);
    expect(atLeast('x', 0.699, 0.7).met).toBe(false);
    expect(atMost('x', 1.5, 1.5).met).toBe(true);
    expect(atMost('x', 1.501, 1.5).met).toBe(false);
  });

  it('that are only reported decide nothing', () => {
    expect(isMet([reported('x', 0), atLeast('y', 2, 1)])).toBe(true);
    expect(isMet([reported('x', 0), atLeast('y', 0.5, 1)])).toBe(false);
  });
});
