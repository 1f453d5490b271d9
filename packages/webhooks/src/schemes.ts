import { SignalboxError } from '@signalbox/errors';
import type { Scheme } from './scheme.js';
import { xWebhookSignature } from './schemes/x-webhook-signature.js';

/** Every scheme a source can name. */
export const schemes: ReadonlyMap<string, Scheme> = new Map(
  [xWebhookSignature].map((scheme) => [scheme.name, scheme]),
);

/** The scheme with this name; throws `config_invalid` that lists the known ones. */
export function schemeNamed(name: string): Scheme {
  const scheme = schemes.get(name);
  if (!scheme) {
    const known = [...schemes.keys()].join(', ');
    throw new SignalboxError('config_invalid', `There is no signature scheme "${name}". Known: ${known}.`);
  }
  return scheme;
}

/**
 * The headers that sign a body with HMAC-SHA256 in `x-webhook-signature`. Sign the exact bytes that are sent.
 * Throws `config_invalid` for an empty secret.
 */
export function sign(input: {
  readonly rawBody: Uint8Array | string;
  readonly secret: string | Uint8Array;
}): Readonly<Record<string, string>> {
  if (input.secret.length === 0)
    throw new SignalboxError('config_invalid', 'The secret to sign with is empty.');
  return xWebhookSignature.sign({ ...input, nowMs: 0 }).headers;
}
