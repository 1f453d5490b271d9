/** `text` without control characters (line breaks stay) and at most `charsMax` long, never ending in half a character. */
export function clip(text: string, charsMax: number): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const clean = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ').replace(/\p{Surrogate}/gu, '\ufffd');
  if (clean.length <= charsMax) return clean;
  return `${clean.slice(0, charsMax - 1).replace(/\p{Surrogate}/gu, '')}…`;
}

/** `45 s`, `20 min`, `1 h 5 min`, `2 d 3 h`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(`${hours} h`, minutes % 60, 'min');
  return joined(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

const joined = (first: string, rest: number, unit: string): string =>
  rest === 0 ? first : `${first} ${rest} ${unit}`;

/** `1 alert`, `3 alerts`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
