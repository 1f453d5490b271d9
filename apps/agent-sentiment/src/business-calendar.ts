import { SignalboxError } from '@signalbox/errors';

/** When people work: Monday to Friday from 9:00 to 17:00 in one time zone, holidays excepted. */
export interface BusinessCalendar {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Days without work, `2026-12-25`. */
  readonly holidays: ReadonlySet<string>;
}

export const hourMs = 3_600_000;
const dayMs = 86_400_000;
const opensAtHour = 9;
const closesAtHour = 17;
/** Days looked at before the calendar is called one without work. */
const daysMax = 1_500;

/**
 * The moment at which `workMs` milliseconds of business time have passed since `from`. Time outside business hours does
 * not count; a result at closing time is that closing time. Throws `config_invalid` for a calendar without work.
 */
export function addBusinessTime(from: Date, workMs: number, calendar: BusinessCalendar): Date {
  let leftMs = workMs;
  let day = localDay(from, calendar.timeZone);
  for (let n = 0; n < daysMax; n += 1, day += dayMs) {
    if (!isBusinessDay(day, calendar)) continue;
    const opensAt = atLocalHour(day, opensAtHour, calendar.timeZone);
    const closesAt = atLocalHour(day, closesAtHour, calendar.timeZone);
    const beginsAt = Math.max(opensAt, from.getTime());
    const openMs = closesAt - beginsAt;
    if (openMs <= 0) continue;
    if (leftMs <= openMs) return new Date(beginsAt + leftMs);
    leftMs -= openMs;
  }
  throw new SignalboxError('config_invalid', `The calendar has no business day within ${daysMax} days.`);
}

/** True from Monday to Friday, unless it is a holiday. `day` is the day's midnight, written as if it were UTC. */
function isBusinessDay(day: number, { holidays }: BusinessCalendar): boolean {
  const date = new Date(day);
  const weekday = date.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(date.toISOString().slice(0, 10));
}

/** The local date of a moment, as that day's midnight written as if it were UTC. */
function localDay(at: Date, timeZone: string): number {
  const local = at.getTime() + offsetMs(at.getTime(), timeZone);
  return Math.floor(local / dayMs) * dayMs;
}

/** The moment at which it is `hour` o'clock on that day. The offset is asked for twice: the clock may change in between. */
function atLocalHour(day: number, hour: number, timeZone: string): number {
  const local = day + hour * hourMs;
  const guess = local - offsetMs(local, timeZone);
  return local - offsetMs(guess, timeZone);
}

/** How far local time is ahead of UTC at a moment, in milliseconds. */
function offsetMs(at: number, timeZone: string): number {
  const parts = partsOf(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at / 1_000) * 1_000;
}

/** Making a formatter takes far longer than using it. An agent has one time zone, so this stays small. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function partsOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const numeric = 'numeric' as const;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formatters.set(timeZone, made);
  return made;
}

/** A moment as people there write it: `2026-04-06 13:00 (Europe/Berlin)`. */
export function localTime(at: Date, { timeZone }: BusinessCalendar): string {
  const local = new Date(at.getTime() + offsetMs(at.getTime(), timeZone)).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 16)} (${timeZone})`;
}
