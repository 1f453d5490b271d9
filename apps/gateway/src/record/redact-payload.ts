import {
  cardLike,
  mailNamePart,
  passesCardCheck,
  redacted,
  sensitiveNamePart,
  sensitiveNames,
} from './redaction-rules.js';
import { redactText } from './redact-text.js';

/** Values of one payload in a record; what comes after is left out. */
export const valuesMax = 2_000;
const entriesMax = 100;
const nameCharsMax = 128;
const decisionsMax = 5_000;
const leftOut = '[left out]';

/** What is removed besides what always is. */
export interface Redaction {
  /** Names of members that the payload's contract marks as personal. */
  readonly personal?: ReadonlySet<string>;
  /** Leaves mail addresses where they are. */
  readonly keepMail?: boolean;
}

interface Budget extends Redaction {
  values: number;
}

/** A copy of a parsed payload for records: sensitive members and patterns replaced, size bounded. */
export function redactPayload(payload: unknown, redaction: Redaction = {}): unknown {
  return redactValue(payload, { ...redaction, values: valuesMax });
}

function redactValue(value: unknown, budget: Budget): unknown {
  budget.values -= 1;
  if (budget.values < 0) return leftOut;
  if (typeof value === 'string') return redactText(value, budget.keepMail);
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
    if (!isSensitiveName(key, budget)) result[key] = redactValue(value[name], budget);
    else result[key] = value[name] === null ? null : redacted;
  }
  return result;
}

type Kind = 'plain' | 'sensitive' | 'mail';
const decisions = new Map<string, Kind>();

function isSensitiveName(name: string, { personal, keepMail }: Redaction): boolean {
  const kind = kindOf(name);
  if (kind === 'mail') return keepMail !== true;
  return kind === 'sensitive' || personal?.has(name) === true;
}

function kindOf(name: string): Kind {
  const known = decisions.get(name);
  if (known !== undefined) return known;
  const sensitive =
    sensitiveNames.has(name.toLowerCase().replace(/[_\-. ]/g, '')) || sensitiveNamePart.test(name);
  const kind = sensitive ? 'sensitive' : mailNamePart.test(name) ? 'mail' : 'plain';
  // Names repeat from webhook to webhook; made-up ones must not fill the memory.
  if (decisions.size < decisionsMax) decisions.set(name, kind);
  return kind;
}

function isCardNumber(value: number): boolean {
  if (value < 2e12 || !Number.isSafeInteger(value)) return false;
  const text = String(value);
  return text.match(cardLike)?.[0] === text && passesCardCheck(text);
}
