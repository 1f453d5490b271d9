import { SignalboxError } from '@signalbox/errors';
import type { Scheme, SignInput } from './scheme.js';
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
 * The headers that sign a body: by default HMAC-SHA256 in `x-webhook-signature`. Sign the exact bytes that are sent.
 * Throws `config_invalid` for an unknown scheme or an empty secret.
 */
export function sign(
  input: Omit<SignInput, 'nowMs'> & { readonly scheme?: string; readonly nowMs?: number },
): Readonly<Record<string, string>> {
  const { rawBody, secret, scheme = xWebhookSignature.name, nowMs = Date.now() } = input;
  if (secret.length === 0) throw new SignalboxError('config_invalid', 'The secret to sign with is empty.');
  return schemeNamed(scheme).sign({ rawBody, secret, nowMs });
}
