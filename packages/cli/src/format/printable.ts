/**
 * Text from outside, safe for a terminal and on one line: line breaks become blanks, other control characters and
 * characters that turn the writing direction become `�`. Cut to `max` characters with an ellipsis.
 */
export function printable(text: string, max = 1_000): string {
  const line = text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .trim();
  return shorten(line, max);
}

/** As `printable`, but keeps line breaks. */
export function printableLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    return `${indent}${printable(line, 10_000)}`.trimEnd();
  });
}

/** Cuts to at most `max` characters, the last one then an ellipsis. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = Array.from(text);
  return characters.length <= max
    ? text
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** A long id with its middle left out: `ops-alert:4f6c0d…9b1e`. */
export function shortId(id: string, max = 40): string {
  const text = printable(id);
  if (text.length <= max) return text;
  return `${text.slice(0, max - 5)}…${text.slice(-4)}`;
}
