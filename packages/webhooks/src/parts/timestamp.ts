import type { Verdict } from '../scheme.js';
import { refuse, type Refused } from '../verdict.js';

export type TimestampUnit = 's' | 'ms' | 'rfc3339';

const digits = { s: /^\d{1,11}$/, ms: /^\d{1,14}$/ } as const;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970, or undefined when the text is not strictly of that unit. */
export function parseTimestamp(text: string, unit: TimestampUnit): number | undefined {
  if (unit !== 'rfc3339') {
    if (!digits[unit].test(text)) return undefined;
    return Number(text) * (unit === 's' ? 1_000 : 1);
  }
  const ms = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

export function writeTimestamp(ms: number, unit: TimestampUnit): string {
  if (unit === 'rfc3339') return new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
  return String(Math.floor(unit === 's' ? ms / 1_000 : ms));
}

const sentences = new Map<number, Refused>();

function outside(toleranceSeconds: number): Refused {
  const known = sentences.get(toleranceSeconds);
  if (known) return known;
  const made = refuse(
    'timestamp_out_of_tolerance',
    `The signature is right, but its time is more than ${toleranceSeconds} s from now.`,
  );
  sentences.set(toleranceSeconds, made);
  return made;
}

/**
 * The verdict on a request whose signature matched `keyId`: its signed time must lie within the tolerance, before and
 * after now. Asked after the signature, so that a wrong clock is never mistaken for a wrong secret.
 */
export function judgeTime(
  keyId: string,
  signedAtMs: number,
  nowMs: number,
  toleranceSeconds: number,
): Verdict {
  if (!(Math.abs(nowMs - signedAtMs) <= toleranceSeconds * 1_000)) return outside(toleranceSeconds);
  return { ok: true, keyId, signedAtMs };
}
