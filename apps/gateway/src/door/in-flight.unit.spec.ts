import { InFlight, smallBodyBytes } from './in-flight.js';

describe('InFlight', () => {
  it('has as many places as it was given, and gives them again', () => {
    const inFlight = new InFlight(2, 100);
    expect([inFlight.enter(), inFlight.enter(), inFlight.enter()]).toEqual([true, true, false]);
    expect(inFlight.requests).toBe(2);
    inFlight.leave();
    expect(inFlight.enter()).toBe(true);
  });

  it('has as many bytes as it was given, and gives them again', () => {
    const inFlight = new InFlight(1, 100);
    expect([inFlight.reserve(60, 60), inFlight.reserve(41, 41), inFlight.reserve(40, 40)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(inFlight.bytes).toBe(100);
    inFlight.release(60);
    expect(inFlight.reserve(60, 60)).toBe(true);
  });

  it('keeps a quarter of its bytes for small bodies', () => {
    const inFlight = new InFlight(1, 400_000);
    expect(inFlight.reserve(300_000, 300_000)).toBe(true);
    expect(inFlight.reserve(1, smallBodyBytes + 1)).toBe(false);
    expect(inFlight.reserve(smallBodyBytes, smallBodyBytes)).toBe(true);
    expect(inFlight.reserve(40_000, 40_000)).toBe(false);
  });
});
