import { ExpectationError } from '../given/expectation-error.js';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A span of time: milliseconds, or a whole number with a unit (`90s`, `4h`, `14d`). */
export type Span = number | `${number}${keyof typeof unitMs}`;

/** Its milliseconds. */
export function spanMs(span: Span): number {
  const match = typeof span === 'string' ? /^(\d+)(ms|s|m|h|d)$/.exec(span) : undefined;
  const ms =
    typeof span === 'number'
      ? span
      : match
        ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
        : NaN;
  if (!Number.isInteger(ms) || ms < 0)
    throw new ExpectationError(
      `'${span}' is no span of time: give milliseconds, or a number with ms, s, m, h or d`,
    );
  return ms;
}
