import { SignalboxError } from '@signalbox/errors';
import { textForm } from '../parts/encoding.js';
import { TextComparison } from '../parts/same-text.js';
import type { Scheme, SignedRequest, SignInput, WebhookRequest } from '../scheme.js';
import { singleHeader } from '../single-header.js';
import { refuse } from '../verdict.js';

const base64 = textForm('base64');
const absent = refuse('signature_missing', 'The header Authorization is missing.');
const malformed = refuse(
  'signature_invalid',
  'Authorization must occur once: Basic and base64 of user:password.',
);

const secretProblem = (secret: string | Uint8Array): string | undefined =>
  Buffer.from(secret).includes(':') ? undefined : 'The secret must have the form user:password.';

/** HTTP basic authentication (RFC 7617); the secret is `user:password` in UTF-8. */
export function basicScheme(): Scheme {
  const comparison = new TextComparison();
  return Object.freeze({
    name: 'basic',
    verify(request: WebhookRequest) {
      const header = singleHeader(request.headers, 'authorization');
      if (header.kind === 'missing') return absent;
      const credentials = header.kind === 'one' ? /^basic (.+)$/i.exec(header.value)?.[1] : undefined;
      const text = credentials === undefined ? undefined : base64.read(credentials)?.toString('utf8');
      return text === undefined ? malformed : comparison.verify(text, request);
    },
    secretProblem,
    sign({ rawBody, secret, url }: SignInput): SignedRequest {
      const text = Buffer.from(secret);
      const problem = secretProblem(secret);
      if (problem !== undefined) throw new SignalboxError('config_invalid', problem);
      return {
        headers: { authorization: `Basic ${base64.write(text)}` },
        rawBody,
        ...(url === undefined ? {} : { url }),
      };
    },
  });
}
