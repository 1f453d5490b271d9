import { cardLike, passesCardCheck, redacted, sensitiveNamePart, sensitiveNames } from './redaction-rules.js';
import { redactText } from './redact-text.js';

/** Values of one payload in a record; what comes after is left out. */
export const valuesMax = 2_000;
const entriesMax = 100;
const nameCharsMax = 128;
const decisionsMax = 5_000;
const leftOut = '[left out]';

interface Budget {
  values: number;
}

/** A copy of a parsed payload for records: sensitive members and patterns replaced, size bounded. */
export function redactPayload(payload: unknown): unknown {
  return redactValue(payload, { values: valuesMax });
}

function redactValue(value: unknown, budget: Budget): unknown {
  budget.values -= 1;
  if (budget.values < 0) return leftOut;
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number') return isCardNumber(value) ? redacted : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const entries = value.slice(0, entriesMax).map((entry) => redactValue(entry, budget));
    return value.length > entriesMax ? [...entries, leftOut] : entries;
  }
  return redactObject(value as Record<string, unknown>, budget);
}

function redactObject(value: Record<string, unknown>, budget: Budget): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name in value) {
    if (budget.values <= 0) {
      result[leftOut] = true;
      break;
    }
    if (name === '__proto__') continue;
    const key = name.length > nameCharsMax ? `${name.slice(0, nameCharsMax)}…` : name;
    if (!isSensitiveName(key)) result[key] = redactValue(value[name], budget);
    else result[key] = value[name] === null ? null : redacted;
  }
  return result;
}

const decisions = new Map<string, boolean>();

function isSensitiveName(name: string): boolean {
  const known = decisions.get(name);
  if (known !== undefined) return known;
  const sensitive =
    sensitiveNames.has(name.toLowerCase().replace(/[_\-. ]/g, '')) || sensitiveNamePart.test(name);
  // Names repeat from webhook to webhook; made-up ones must not fill the memory.
  if (decisions.size < decisionsMax) decisions.set(name, sensitive);
  return sensitive;
}

function isCardNumber(value: number): boolean {
  if (value < 2e12 || !Number.isSafeInteger(value)) return false;
  const text = String(value);
  return text.match(cardLike)?.[0] === text && passesCardCheck(text);
}
