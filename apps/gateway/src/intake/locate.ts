import type { IncomingHttpHeaders } from 'node:http';
import type { Locator } from '@signalbox/webhooks';

const found = /^[\x21-\x7e]{1,150}$/;

/** The text at a place of a webhook: 1 to 150 printable characters without blanks; undefined for anything else. */
export function locate(
  place: Locator | undefined,
  headers: IncomingHttpHeaders,
  payload: unknown,
): string | undefined {
  if (!place) return undefined;
  const value = valueAt(place, headers, payload);
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && found.test(text) ? text : undefined;
}

function valueAt(place: Locator, headers: IncomingHttpHeaders, payload: unknown): unknown {
  if ('header' in place) return headers[place.header];
  if ('form' in place) return memberOf(payload, place.form);
  const steps = place.pointer.split('/').slice(1);
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(memberOf, payload);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
