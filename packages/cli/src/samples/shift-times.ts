import { isRfc3339, rfc3339Ms } from '@signalbox/contracts';

const DAY_MS = 86_400_000;
/** The day the samples of the catalogue play on. */
const samplesDayMs = Date.UTC(2026, 3, 5);

/**
 * Moves every time in a sample by the same whole number of days, so that it plays today and spans stay as they are: a
 * shipment five days late is still five days late.
 */
export function shiftTimes(value: unknown, nowMs: number): unknown {
  const shiftMs = Math.floor((nowMs - samplesDayMs) / DAY_MS) * DAY_MS;
  const shift = (each: unknown): unknown => {
    if (typeof each === 'string') return isRfc3339(each) ? shiftOne(each, shiftMs) : each;
    if (Array.isArray(each)) return each.map(shift);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, child]) => [key, shift(child)]));
  };
  return shift(value);
}

const shiftOne = (text: string, shiftMs: number): string =>
  new Date(rfc3339Ms(text) + shiftMs).toISOString().replace('.000Z', 'Z');
