import type { IncomingHttpHeaders } from 'node:http';
import { redacted, sensitiveHeader } from './redaction-rules.js';
import { redactText } from './redact-text.js';

const headersMax = 50;
const nameCharsMax = 64;
const valueCharsMax = 256;
const decisionsMax = 1_000;
const decisions = new Map<string, boolean>();

/** A copy of the headers for records: credentials replaced, at most 50 headers of 256 characters. */
export function redactHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || (count += 1) > headersMax) continue;
    const key = name.length > nameCharsMax ? `${name.slice(0, nameCharsMax)}…` : name;
    result[key] = isSensitive(name) ? redacted : shown(value);
  }
  return result;
}

function shown(value: string | string[]): string {
  const text = typeof value === 'string' ? value : value.join(', ');
  return redactText(text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text);
}

function isSensitive(name: string): boolean {
  const known = decisions.get(name);
  if (known !== undefined) return known;
  const sensitive = sensitiveHeader.test(name);
  if (decisions.size < decisionsMax) decisions.set(name, sensitive);
  return sensitive;
}
