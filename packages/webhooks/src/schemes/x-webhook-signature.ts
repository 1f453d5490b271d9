import { createScheme } from '../create-scheme.js';
import type { Scheme } from '../scheme.js';

/** The header, in lower case. */
export const signatureHeader = 'x-webhook-signature';

/** HMAC-SHA256 of the raw body in hexadecimal, with or without `sha256=` before it, in `X-Webhook-Signature`. */
export const xWebhookSignature: Scheme = Object.freeze({
  ...createScheme({
    kind: 'hmac',
    header: signatureHeader,
    prefix: 'sha256=',
    prefixOptional: true,
  }),
  name: 'x-webhook-signature',
});
