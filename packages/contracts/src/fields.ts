import { z } from 'zod';

const RFC3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * True for a date-time of RFC 3339 section 5.6 with at most 9 fraction digits. The calendar is checked: no 30 February,
 * second 60 only where UTC can have a leap second (23:59).
 */
export function isRfc3339(text: string): boolean {
  if (isUsualForm(text)) return true;
  const match = RFC3339.exec(text);
  if (!match) return false;
  const [, year, month, day, hour, minute, second, , offset] = match as unknown as string[];
  if (Number(day) > 28 && Number(day) > daysOf(Number(year), Number(month))) return false;
  return second !== '60' || utcMinuteOfDay(Number(hour) * 60 + Number(minute), offset ?? 'Z') === 1_439;
}

const zero = 48;
const isDigit = (code: number): boolean => code >= zero && code <= 57;

/** The number in two digits, or NaN. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + ones - zero : NaN;
}

/** `2026-04-05T12:00:00Z`, also with milliseconds, on one of a month's first 28 days: nearly every time there is. */
function isUsualForm(text: string): boolean {
  const hasMs = text.length === 24;
  if ((!hasMs && text.length !== 20) || text.charCodeAt(text.length - 1) !== 90) return false;
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':')
    return false;
  if (hasMs && !(text[19] === '.' && twoDigits(text, 20) >= 0 && isDigit(text.charCodeAt(22)))) return false;
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (!(twoDigits(text, 0) >= 0 && twoDigits(text, 2) >= 0 && month >= 1 && month <= 12)) return false;
  return (
    day >= 1 &&
    day <= 28 &&
    twoDigits(text, 11) <= 23 &&
    twoDigits(text, 14) <= 59 &&
    twoDigits(text, 17) <= 59
  );
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function utcMinuteOfDay(localMinute: number, offset: string): number {
  if (offset.length === 1) return localMinute;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return (localMinute + (offset.startsWith('-') ? minutes : -minutes) + 1_440) % 1_440;
}

/** Milliseconds since 1970 of a valid RFC 3339 text; a leap second counts as the second before it. */
export function rfc3339Ms(text: string): number {
  if (isUsualForm(text)) return usualFormMs(text);
  return Date.parse(text.replace(/:60(?=[.Zz+-])/, ':59').toUpperCase());
}

/** A quarter of what `Date.parse` takes. */
function usualFormMs(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const ms = text.length === 24 ? (text.charCodeAt(20) - zero) * 100 + twoDigits(text, 21) : 0;
  const date = Date.UTC(year, twoDigits(text, 5) - 1, twoDigits(text, 8));
  const seconds = (twoDigits(text, 11) * 60 + twoDigits(text, 14)) * 60 + twoDigits(text, 17);
  // Date.UTC takes the years 0 to 99 for those of the last century.
  return year < 100 ? Date.parse(text) : date + seconds * 1_000 + ms;
}

/** True for a text of at most `max` characters. Counts code points as JSON Schema does, not UTF-16 units. */
export function hasCharsMax(text: string, max: number): boolean {
  if (text.length <= max) return true;
  // A character takes at most two units, so longer texts need no counting.
  return text.length <= 2 * max && Array.from(text).length <= max;
}

const charsMax = (schema: z.ZodString, max: number): z.ZodString =>
  schema
    .refine((value) => hasCharsMax(value, max), {
      message: `must have at most ${max} characters`,
      abort: true,
    })
    .meta({ maxLength: max });

/** Strict RFC 3339 date-time with seconds and offset. */
export const timestamp = z
  .string()
  .refine(isRfc3339, { message: 'must be an RFC 3339 date-time with seconds and offset' })
  .meta({ format: 'date-time', pattern: RFC3339.source });

/** Schemas cost far more to make than to use, and never change: one for each length serves all fields. */
function madeOnce(make: (max: number) => z.ZodString): (max: number) => z.ZodString {
  const made = new Map<number, z.ZodString>();
  return (max) => {
    const schema = made.get(max) ?? make(max);
    made.set(max, schema);
    return schema;
  };
}

const nonEmptyText = madeOnce((max) => charsMax(z.string().min(1), max));

/** Non-empty text of at most `max` characters (default 2,000). */
export const text = (max = 2_000): z.ZodString => nonEmptyText(max);

/** Text of at most `max` characters that may be empty. */
export const optionalText = madeOnce((max) => charsMax(z.string(), max));

/** A name: 1 to `max` characters, no control characters. */
export const name = (max: number): z.ZodString =>
  // eslint-disable-next-line no-control-regex
  text(max).regex(/^[^\u0000-\u001f\u007f]*$/, { message: 'must not contain control characters' });

/** An entity's id: a name of at most 255 characters. */
export const entityId = name(255);

const httpUrlPattern = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#\\]+[^\s]*$/;

/** An absolute http or https URL, at most 2,048 characters. */
export const httpUrl = charsMax(z.string(), 2_048)
  .refine((value) => httpUrlPattern.test(value) && URL.canParse(value), {
    message: 'must be an absolute http or https URL',
  })
  .meta({ pattern: httpUrlPattern.source });

const emailPattern =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;

/** The keyword in JSON Schemas that says a field's `Sensitivity`. */
export const sensitivityKeyword = 'x-sensitivity';

/** `personal`: tells who a person is, how to reach them, or what they said; it stays out of logs and consoles. */
export type Sensitivity = 'personal';

/** Marks a field as personal. Readers see its value; records for people, such as `webhook.received`, do not. */
export const personal = <S extends z.ZodType>(schema: S): S =>
  schema.meta({ ...schema.meta(), [sensitivityKeyword]: 'personal' satisfies Sensitivity });

/** An email address as mail forms take it (HTML's rule), with a dot in its domain; at most 254 characters. */
export const emailAddress = personal(
  charsMax(z.string(), 254)
    .refine((value) => emailPattern.test(value), { message: 'must be an email address' })
    .meta({ format: 'email', pattern: emailPattern.source }),
);

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export type Severity = z.infer<typeof severity>;
