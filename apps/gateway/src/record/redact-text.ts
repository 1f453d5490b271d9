import {
  cardLike,
  mailAddress,
  passesCardCheck,
  redacted,
  sensitivePatterns,
  suspiciousText,
} from './redaction-rules.js';

/** Characters of one text in a record; the rest is cut off. */
export const textCharsMax = 1_000;

/** A text of at most 1,000 characters without mail addresses (unless they are kept), phone and card numbers and tokens. */
export function redactText(text: string, keepMail = false): string {
  const short = text.length > textCharsMax ? `${text.slice(0, textCharsMax)}…` : text;
  if (!suspiciousText.test(short)) return short;
  let result = keepMail ? short : short.replace(mailAddress, redacted);
  for (const pattern of sensitivePatterns) result = result.replace(pattern, redacted);
  return result.replace(cardLike, (match) => (passesCardCheck(match) ? redacted : match));
}
