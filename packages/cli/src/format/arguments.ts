import { InvalidArgumentError } from 'commander';
import { parseSpan } from './time.js';

/** Reads a whole number between `min` and `max` for an option. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** Reads a span like 90s, 15m, 24h or 7d, in milliseconds, for an option. */
export function span(text: string): number {
  const ms = parseSpan(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('It must be a span like 90s, 15m, 24h or 7d.');
}

/** Collects an option that may be given again and again. */
export const collect =
  <T>(read: (text: string) => T) =>
  (text: string, before: readonly T[] = []): readonly T[] => [...before, read(text)];
