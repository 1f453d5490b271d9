import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { findJsonProblem } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { parseStrictValue } from './parse-strict.js';

const fieldsMax = 1_000;
const jsonType = /^(?:application|text)\/(?:[\w.+-]*\+)?json$/;

/**
 * The payload of a provider's webhook: JSON by its content type (also a list, also without any type), a form's fields,
 * or undefined for what is neither. Throws `body_not_json` for what is announced as one of them and is not.
 */
export function parsePayload(rawBody: Buffer, headers: IncomingHttpHeaders, depthMax: number): unknown {
  const media = (headers['content-type'] ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (jsonType.test(media)) return parseStrictValue(rawBody, depthMax);
  return media === 'application/x-www-form-urlencoded' ? formFields(rawBody) : undefined;
}

/** A field that occurs once is text, one that occurs more often a list. */
function formFields(rawBody: Buffer): Readonly<Record<string, string | readonly string[]>> {
  if (!isUtf8(rawBody)) throw refuse('The form is not UTF-8.');
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(rawBody.toString('utf8'))) {
    count += 1;
    if (count > fieldsMax) throw refuse(`The form has more than ${fieldsMax} fields.`);
    if (name === '__proto__') throw refuse('The form must not have a field named __proto__.');
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  const result = Object.fromEntries(
    [...fields].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
  );
  const problem = findJsonProblem(result);
  if (problem) throw refuse(`${problem.pointer || 'The form'} ${problem.message}.`);
  return result;
}

const refuse = (message: string): SignalboxError =>
  new SignalboxError('body_not_json', message, { pointers: [{ pointer: '', message }] });
