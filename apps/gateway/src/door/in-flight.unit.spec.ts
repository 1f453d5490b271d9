import { InFlight } from './in-flight.js';

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
    expect([inFlight.reserve(60), inFlight.reserve(41), inFlight.reserve(40)]).toEqual([true, false, true]);
    expect(inFlight.bytes).toBe(100);
    inFlight.release(60);
    expect(inFlight.reserve(60)).toBe(true);
  });
});
