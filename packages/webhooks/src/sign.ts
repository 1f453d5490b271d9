import { SignalboxError } from '@signalbox/errors';
import { xWebhookSignature } from './schemes/x-webhook-signature.js';

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
