import { SignalboxError } from '@signalbox/errors';
import { createHash, timingSafeEqual } from 'node:crypto';
import { textForm } from '../parts/encoding.js';
import { hmacDigest, hmacMatches, type Message } from '../parts/hmac.js';
import { utf8 } from '../parts/json.js';
import { signatureReader } from '../parts/signature-header.js';
import { parseUrl } from '../parts/urls.js';
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

/** An absolute address: up to the name of the host, port, and the rest. */
const addressForm = /^(https?:\/\/[^/?#:@\s]+)(:\d{1,5})?((?:[/?#][^\s]*)?)$/;
const bodyParameters = /[?&]bodySHA256=([^&#]*)/g;

/** Twilio signs the address now with the port and now without; all are the same address. As it was called comes first. */
function* spellings(url: string, [, host = '', port, rest = '']: RegExpExecArray): Generator<string> {
  yield url;
  if (port === undefined) yield `${host}${host.startsWith('https') ? ':443' : ':80'}${rest}`;
  else yield `${host}${rest}`;
}

/** The signed text after the address; undefined when the address names another body than the one that came. */
function signedForm(url: string, rawBody: Uint8Array): string | undefined {
  if (!url.includes('bodySHA256=')) return sortedForm(utf8(rawBody));
  const [named, ...more] = url.matchAll(bodyParameters);
  if (!named) return sortedForm(utf8(rawBody));
  const given = Buffer.from(named[1] ?? '');
  const actual = Buffer.from(sha256Hex(rawBody));
  const same = given.length === actual.length && timingSafeEqual(given, actual);
  return same && more.length === 0 ? '' : undefined;
}

/** Whether the signature is that of the address in one of its spellings. */
function matches(
  secret: string | Uint8Array,
  urls: Iterable<string>,
  text: string,
  given: readonly Buffer[],
): boolean {
  for (const url of urls) if (hmacMatches('sha1', secret, textMessage(`${url}${text}`), given)) return true;
  return false;
}

const textMessage = (text: string): Message => ({ before: '', body: text, after: '' });

function verify({ rawBody, headers, secrets, nowMs, url }: WebhookRequest): Verdict {
  const found = read(headers);
  if ('ok' in found) return found;
  const address = typeof url === 'string' ? addressForm.exec(url) : undefined;
  if (!url || !address) return noUrl;
  const text = signedForm(url, rawBody);
  if (text === undefined) return noMatch;
  let keyId: string | undefined;
  for (const secret of activeSecrets(secrets, nowMs)) {
    const matched = matches(secret.value, spellings(url, address), text, found.signatures);
    if (matched && keyId === undefined) keyId = secret.keyId;
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
  return {
    headers: { [header]: form.write(hmacDigest('sha1', secret, textMessage(`${target}${text}`))) },
    rawBody,
    url: target,
  };
}

/** Twilio's request validation: HMAC-SHA1 over the public address and what was posted. */
export function twilioScheme(): Scheme {
  return Object.freeze({ name: 'twilio', verify, secretProblem: emptySecret, sign });
}
