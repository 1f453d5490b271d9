import { SignalboxError } from '@signalbox/errors';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { textForm } from '../parts/encoding.js';
import { signatureReader } from '../parts/signature-header.js';
import { parseUrl, singleParameter } from '../parts/urls.js';
import type { Scheme, SignedRequest, SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import { emptySecret, noMatch, noUrl } from '../verdict.js';

const header = 'x-twilio-signature';
const bodyParameter = 'bodySHA256';
const form = textForm('base64', 20);
const read = signatureReader({ header, separator: ',' }, form);

const sha256Hex = (body: Uint8Array | string): string => createHash('sha256').update(body).digest('hex');

/** Names in order, each followed by its values, once each and in order: Twilio's way to write a form as one text. */
function sortedForm(body: string): string {
  const parameters = new URLSearchParams(body);
  const names = [...new Set(parameters.keys())].sort();
  return names
    .map((name) =>
      [...new Set(parameters.getAll(name))]
        .sort()
        .map((value) => `${name}${value}`)
        .join(''),
    )
    .join('');
}

/** Twilio signs the address now with the usual port and now without; both are the same address. */
function spellings(url: string, parsed: URL): readonly string[] {
  const [, start = '', rest = ''] = /^([^:]+:\/\/[^/?#:]+)(?::\d+)?(.*)$/s.exec(url) ?? [];
  if (start === '') return [url];
  const port = parsed.port || (parsed.protocol === 'https:' ? '443' : '80');
  return [...new Set([url, `${start}${rest}`, `${start}:${port}${rest}`])];
}

/** The signed text after the address; undefined when the address names another body than the one that came. */
function signedForm(parsed: URL, rawBody: Uint8Array): string | undefined {
  if (!parsed.searchParams.has(bodyParameter)) return sortedForm(Buffer.from(rawBody).toString('utf8'));
  const named = Buffer.from(singleParameter(parsed, bodyParameter) ?? '');
  const actual = Buffer.from(sha256Hex(rawBody));
  return named.length === actual.length && timingSafeEqual(named, actual) ? '' : undefined;
}

const digest = (secret: string | Uint8Array, text: string): Buffer =>
  createHmac('sha1', secret).update(text).digest();

function verify({ rawBody, headers, secrets, nowMs, url }: WebhookRequest): Verdict {
  const found = read(headers);
  if ('ok' in found) return found;
  const [given] = found.signatures;
  const parsed = parseUrl(url);
  if (url === undefined || !parsed || !given) return noUrl;
  const text = signedForm(parsed, rawBody);
  if (text === undefined) return noMatch;
  const urls = spellings(url, parsed);
  let keyId: string | undefined;
  for (const secret of activeSecrets(secrets, nowMs)) {
    for (const spelling of urls) {
      const matches = timingSafeEqual(digest(secret.value, `${spelling}${text}`), given);
      if (matches && keyId === undefined) keyId = secret.keyId;
    }
  }
  return keyId === undefined ? noMatch : { ok: true, keyId };
}

/** Forms are signed parameter by parameter; every other body by its hash in the address. */
function sign({ rawBody, secret, url, headers }: SignInput): SignedRequest {
  const parsed = parseUrl(url);
  if (url === undefined || !parsed)
    throw new SignalboxError('config_invalid', 'Twilio signs the address: it is needed to sign.');
  const isForm = headers?.['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (!isForm) parsed.searchParams.set(bodyParameter, sha256Hex(rawBody));
  const target = isForm ? url : parsed.href;
  const text = isForm ? sortedForm(Buffer.from(rawBody).toString('utf8')) : '';
  return { headers: { [header]: form.write(digest(secret, `${target}${text}`)) }, rawBody, url: target };
}

/** Twilio's request validation: HMAC-SHA1 over the public address and what was posted. */
export function twilioScheme(): Scheme {
  return Object.freeze({ name: 'twilio', verify, secretProblem: emptySecret, sign });
}
