import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scheme, SignedRequest, SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import { singleHeader } from '../single-header.js';

/** The header, in lower case. */
export const signatureHeader = 'x-webhook-signature';

const strictForm = /^(?:sha256=)?[0-9a-fA-F]{64}$/;
const prefixLength = 'sha256='.length;
const hexLength = 64;

const refuse = (code: 'signature_missing' | 'signature_invalid', reason: string): Verdict =>
  Object.freeze({ ok: false, code, reason });

const noSignature = refuse('signature_missing', 'The header X-Webhook-Signature is missing.');
const repeatedSignature = refuse(
  'signature_invalid',
  'The header X-Webhook-Signature occurs more than once.',
);
const wrongForm = refuse(
  'signature_invalid',
  'X-Webhook-Signature must be 64 hexadecimal digits, with or without "sha256=" before them.',
);
const noMatch = refuse(
  'signature_invalid',
  'The signature does not match the raw body under any active secret.',
);

const digestOf = (rawBody: Uint8Array | string, secret: string | Uint8Array): Buffer =>
  createHmac('sha256', secret).update(rawBody).digest();

function verify({ rawBody, headers, secrets, nowMs }: WebhookRequest): Verdict {
  const header = singleHeader(headers, signatureHeader);
  if (header.kind === 'missing') return noSignature;
  if (header.kind === 'repeated') return repeatedSignature;
  const { value } = header;
  if (!strictForm.test(value)) return wrongForm;
  const given = Buffer.from(value.length === hexLength ? value : value.slice(prefixLength), 'hex');
  // Every secret is tried, also after a match: the time taken says nothing about which one it was.
  let keyId: string | undefined;
  for (const secret of activeSecrets(secrets, nowMs)) {
    const matches = timingSafeEqual(digestOf(rawBody, secret.value), given);
    if (matches && keyId === undefined) keyId = secret.keyId;
  }
  return keyId === undefined ? noMatch : { ok: true, keyId };
}

function sign({ rawBody, secret }: SignInput): SignedRequest {
  return {
    headers: { [signatureHeader]: `sha256=${digestOf(rawBody, secret).toString('hex')}` },
    rawBody,
  };
}

/** HMAC-SHA256 of the raw body in hexadecimal, with or without `sha256=` before it, in `X-Webhook-Signature`. */
export const xWebhookSignature: Scheme = Object.freeze({ name: 'x-webhook-signature', verify, sign });
