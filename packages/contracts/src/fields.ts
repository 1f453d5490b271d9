import { z } from 'zod';

const RFC3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** True for a date-time of RFC 3339 section 5.6, calendar checked (no 30 February), at most 9 fraction digits. */
export function isRfc3339(text: string): boolean {
  const match = RFC3339.exec(text);
  if (!match) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Milliseconds since 1970 of a valid RFC 3339 text; a leap second counts as the second before it. */
export function rfc3339Ms(text: string): number {
  return Date.parse(text.replace(/:60(?=[.Zz+-])/, ':59').toUpperCase());
}

/** Strict RFC 3339 date-time with seconds and offset. */
export const timestamp = z
  .string()
  .max(64)
  .refine(isRfc3339, { message: 'must be an RFC 3339 date-time with seconds and offset' })
  .meta({ format: 'date-time' });

/** An entity's id: 1 to 255 characters, no control characters. */
export const entityId = z
  .string()
  .min(1)
  .max(255)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f]+$/, { message: 'must not contain control characters' });

/** Non-empty text of at most `max` characters (default 2,000). */
export const text = (max = 2_000): z.ZodString => z.string().min(1).max(max);

/** An absolute http or https URL, at most 2,048 characters. */
export const httpUrl = z.url({ protocol: /^https?$/ }).max(2_048);

export const emailAddress = z.email().max(254);

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export type Severity = z.infer<typeof severity>;
