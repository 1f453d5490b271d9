/** A time span in words of at most two units: `0 ms`, `85 ms`, `1.24 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const whole = Math.round(ms);
  if (whole < 1_000) return `${whole} ms`;
  if (whole < 10_000) return `${(whole / 1_000).toFixed(2)} s`;
  const seconds = Math.round(whole / 1_000);
  if (seconds < 60) return `${(whole / 1_000).toFixed(1)} s`;
  if (seconds < 3_600) return twoUnits(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 1_440
    ? twoUnits(minutes, 60, 'h', 'min')
    : twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

function twoUnits(total: number, size: number, large: string, small: string): string {
  const rest = total % size;
  return `${Math.floor(total / size)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** A time before or after another: `+85 ms`, `−2 min`, `0 ms`. */
export function offset(ms: number): string {
  const whole = Math.round(ms);
  if (whole === 0) return '0 ms';
  return `${whole < 0 ? '−' : '+'}${duration(Math.abs(whole))}`;
}

/** Date and time of day in UTC: `2026-04-05 12:01:00.123`. */
export function dateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** Time of day in UTC: `12:01:00.123`. */
export function timeOfDay(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

const spanUnits: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `15m`, `24h` or `7d`; undefined for anything else. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  return match ? Number(match[1]) * (spanUnits[match[2] as string] as number) : undefined;
}

/** RFC 3339 in UTC with milliseconds. */
export const dateTimeIso = (ms: number): string => new Date(ms).toISOString();
