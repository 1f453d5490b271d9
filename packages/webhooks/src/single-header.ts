import type { WebhookHeaders } from './scheme.js';

export type HeaderValue =
  | { readonly kind: 'missing' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'one'; readonly value: string };

const missing: HeaderValue = Object.freeze({ kind: 'missing' });
const repeated: HeaderValue = Object.freeze({ kind: 'repeated' });

/**
 * The value of a header that occurs once, without a comma unless these are allowed; undefined for every other case, which
 * `singleHeader` names. The usual case costs no object.
 */
export function headerText(
  headers: WebhookHeaders,
  name: string,
  commas: 'repeated' | 'allowed' = 'repeated',
): string | undefined {
  const found: unknown = headers[name];
  if (typeof found !== 'string') {
    const header = singleHeader(headers, name, commas);
    return header.kind === 'one' ? header.value : undefined;
  }
  return found === '' || (commas === 'repeated' && found.includes(',')) ? undefined : found;
}

/**
 * The value of a header that must occur once. Node joins repeated headers with a comma, so a value with a comma counts
 * as repeated; headers whose value holds commas of its own are read with `commas: 'allowed'` and must then be refused
 * by their form when joined.
 */
export function singleHeader(
  headers: WebhookHeaders,
  name: string,
  commas: 'repeated' | 'allowed' = 'repeated',
): HeaderValue {
  const found: unknown = headers[name];
  const value: unknown = Array.isArray(found) && found.length === 1 ? found[0] : found;
  if (Array.isArray(value)) return value.length === 0 ? missing : repeated;
  if (typeof value !== 'string' || value === '') return missing;
  return commas === 'repeated' && value.includes(',') ? repeated : { kind: 'one', value };
}
