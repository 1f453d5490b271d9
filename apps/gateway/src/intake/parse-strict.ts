import { parseJson, parseJsonObject, type JsonObject } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { countMembersInText } from './count-members.js';
import { duplicateMember } from './duplicate-member.js';

/**
 * Parses a verified body: one JSON object in UTF-8 of at most `depthMax` levels, without NUL, half surrogate pairs,
 * repeated names, `__proto__` and numbers too large for a double. Throws `body_not_json` that says which.
 */
export function parseStrict(rawBody: Uint8Array, depthMax: number): JsonObject {
  return strictly(rawBody, parseJsonObject(rawBody, { depthMax }));
}

/** As `parseStrict`, for an object or a list: some providers send their events in batches. */
export function parseStrictValue(rawBody: Uint8Array, depthMax: number): object {
  const body = parseJson(rawBody, 'body_not_json', depthMax);
  if (typeof body !== 'object' || body === null) throw refuse('', 'must be a JSON object or list');
  return strictly(rawBody, body);
}

function strictly<T extends object>(rawBody: Uint8Array, body: T): T {
  // A repeated name leaves the parsed object with fewer members than the text: cheaper than a parser of our own.
  if (countMembers(body) !== countMembersInText(rawBody)) {
    throw refuse(duplicateMember(rawBody) ?? '', 'occurs more than once');
  }
  return body;
}

function countMembers(value: object): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + countWithin(entry, ''), 0);
  let members = 0;
  for (const name of Object.keys(value)) {
    // Code that copies members by assignment would change the prototype instead.
    if (name === '__proto__') throw refuse('', 'must not have a member named __proto__');
    members += 1 + countWithin((value as JsonObject)[name], name);
  }
  return members;
}

function countWithin(value: unknown, name: string): number {
  if (typeof value === 'object' && value !== null) return countMembers(value);
  // 1e999 would silently become null on the way to Kafka.
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw refuse(
      '',
      `holds a number that no double can represent${name === '' ? '' : ` in "${name.slice(0, 64)}"`}`,
    );
  }
  return 0;
}

function refuse(pointer: string, message: string): SignalboxError {
  return new SignalboxError('body_not_json', `${pointer === '' ? 'The body' : pointer} ${message}.`, {
    pointers: [{ pointer, message }],
  });
}
