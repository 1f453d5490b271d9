import { rfc3339Ms } from '@signalbox/contracts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** RFC 3339 in UTC, without empty milliseconds: `2026-04-08T06:00:00Z`. */
export const isoOf = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** `Friday, 10 April 2026`, in UTC. */
export function longDate(timestamp: string): string {
  const date = new Date(rfc3339Ms(timestamp));
  return `${weekdays[date.getUTCDay()]}, ${shortDate(timestamp)}`;
}

/** `10 April 2026`, in UTC. */
export function shortDate(timestamp: string): string {
  const date = new Date(rfc3339Ms(timestamp));
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `2026-04-08 17:00 UTC`. */
export const dateAndTime = (timestamp: string): string =>
  `${new Date(rfc3339Ms(timestamp)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `2026-04-08`, in UTC. */
export const dayOf = (timestamp: string): string => new Date(rfc3339Ms(timestamp)).toISOString().slice(0, 10);

/** `1 hour`, `36 hours`, `2 days`: days from 48 hours on, rounded to the nearest. */
export function durationText(ms: number): string {
  const hours = Math.max(1, Math.round(ms / 3_600_000));
  return hours < 48 ? plural(hours, 'hour') : plural(Math.round(hours / 24), 'day');
}

/** `1 order`, `2 orders`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Text from outside on one line, at most `charsMax` characters. */
export function oneLine(text: string, charsMax: number): string {
  // eslint-disable-next-line no-control-regex
  const flat = text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  return flat.length <= charsMax ? flat : `${flat.slice(0, charsMax - 1).trimEnd()}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
