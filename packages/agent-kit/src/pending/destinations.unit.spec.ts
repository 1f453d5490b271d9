import { Destinations } from './destinations.js';

const limits = { concurrency: 2 };

function setUp() {
  let nowMs = 0;
  const destinations = new Destinations(() => nowMs);
  const pass = (ms: number): void => void (nowMs += ms);
  const fail = (times: number): void => {
    for (let n = 0; n < times; n += 1) {
      destinations.enter('mail', limits);
      destinations.leave('mail', { kind: 'trouble' });
    }
  };
  return { destinations, pass, fail };
}

describe('destinations', () => {
  it('give as many places as their handler allows, each on its own', () => {
    const { destinations } = setUp();
    expect([1, 2, 3].map(() => destinations.enter('mail', limits))).toEqual([true, true, false]);
    expect(destinations.enter('slack', limits)).toBe(true);
    expect(destinations.places()).toEqual({ mail: 0, slack: 1 });
    destinations.leave('mail', { kind: 'answered' });
    expect(destinations.places()).toEqual({ mail: 1, slack: 1 });
  });

  it('are forgotten when nothing would be lost', () => {
    const { destinations } = setUp();
    destinations.enter('mail', limits);
    destinations.leave('mail', { kind: 'answered' });
    expect(destinations.status()).toEqual([]);
  });

  it('take the strictest limits of the handlers that call them', () => {
    const { destinations } = setUp();
    destinations.enter('mail', { concurrency: 9, ratePerSecond: 5 });
    destinations.enter('mail', { concurrency: 3, ratePerSecond: 50 });
    destinations.enter('mail', { concurrency: 9 });
    expect(destinations.places()).toEqual({ mail: 0 });
  });

  it('keep a rate: no place until there is a token', () => {
    const { destinations, pass } = setUp();
    const rated = { concurrency: 10, ratePerSecond: 2 };
    for (let n = 0; n < 2; n += 1) {
      expect(destinations.enter('mail', rated)).toBe(true);
      destinations.leave('mail', { kind: 'answered' });
    }
    expect(destinations.enter('mail', rated)).toBe(false);
    expect(destinations.msToNext()).toBe(500);
    pass(500);
    expect(destinations.enter('mail', rated)).toBe(true);
  });

  it('with an open circuit get no call, then one that tries', () => {
    const { destinations, pass, fail } = setUp();
    fail(5);
    expect(destinations.enter('mail', limits)).toBe(false);
    expect(destinations.status()).toMatchObject([{ circuit: 'open', waitMs: 10_000, atWork: 0 }]);
    pass(10_000);
    expect([1, 2].map(() => destinations.enter('mail', limits))).toEqual([true, false]);
    expect(destinations.leave('mail', { kind: 'answered' })).toEqual({ kind: 'closed' });
    expect(destinations.enter('mail', limits)).toBe(true);
  });

  it('say when a circuit opens, also after a probe that failed', () => {
    const { destinations, pass, fail } = setUp();
    fail(4);
    destinations.enter('mail', limits);
    expect(destinations.leave('mail', { kind: 'trouble' })).toEqual({ kind: 'opened', openMs: 10_000 });
    pass(10_000);
    destinations.enter('mail', limits);
    expect(destinations.leave('mail', { kind: 'trouble' })).toEqual({ kind: 'opened', openMs: 20_000 });
  });

  it('that ask for time get none of it, at most five minutes, and are not failing', () => {
    const { destinations, pass } = setUp();
    destinations.enter('mail', limits);
    destinations.leave('mail', { kind: 'later', afterMs: 3_600_000 });
    expect(destinations.places()).toEqual({ mail: 0 });
    expect(destinations.msToNext()).toBe(300_000);
    pass(300_000);
    expect(destinations.enter('mail', limits)).toBe(true);
  });

  it('learn nothing from a call that was never made', () => {
    const { destinations, fail } = setUp();
    fail(4);
    destinations.enter('mail', limits);
    expect(destinations.leave('mail', { kind: 'none' })).toBeUndefined();
    destinations.enter('mail', limits);
    expect(destinations.leave('mail', { kind: 'trouble' })).toMatchObject({ kind: 'opened' });
  });
});
