import { createHash } from 'node:crypto';

/** Longest customer id that stands whole in the ids made from it, in characters; contracts take 255 for the whole. */
const customerCharsMax = 200;
const hashChars = 32;

/** `case-<customer>-<n>`. */
export const caseIdOf = (customerId: string, sequence: number): string =>
  `case-${bounded(customerId)}-${sequence}`;

/** `draft-<customer>-<n>`. */
export const draftIdOf = (customerId: string, sequence: number): string =>
  `draft-${bounded(customerId)}-${sequence}`;

/** `text` without control characters (line breaks stay), at most `charsMax` long, never ending in half a character. */
export function clip(text: string, charsMax: number): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const clean = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ').replace(/\p{Surrogate}/gu, '\ufffd');
  if (clean.length <= charsMax) return clean;
  return `${clean.slice(0, charsMax - 1).replace(/\p{Surrogate}/gu, '')}…`;
}

/** As `clip`, on one line; `otherwise` when nothing but blanks is left. */
export function oneLine(text: string, charsMax: number, otherwise: string): string {
  const line = clip(text.replace(/\s+/g, ' ').trim(), charsMax);
  return line === '' ? otherwise : line;
}

/** A score with the sign people write: `−0.85`. */
export const scoreText = (score: number): string => String(score).replace('-', '−');

/** Ids that are too long keep their beginning; a hash of the whole tells them apart. */
function bounded(id: string): string {
  if (id.length <= customerCharsMax) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, hashChars);
  return `${id.slice(0, customerCharsMax - hashChars - 1).replace(/\p{Surrogate}/gu, '')}~${hash}`;
}
