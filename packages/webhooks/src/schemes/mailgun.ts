import { SignalboxError } from '@signalbox/errors';
import { createHash } from 'node:crypto';
import { textForm } from '../parts/encoding.js';
import { hmacDigest, hmacMatches, type Message } from '../parts/hmac.js';
import { memberOf, parseJson } from '../parts/json.js';
import { judgeTime, parseTimestamp, writeTimestamp } from '../parts/timestamp.js';
import type { Scheme, SignedRequest, SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import type { SchemeSettings } from '../settings/scheme-settings.js';
import { emptySecret, noMatch, refuse } from '../verdict.js';

type MailgunSettings = Extract<SchemeSettings, { kind: 'mailgun' }>;

const hex = textForm('hex', 32);
/** Mailgun's tokens have 50 characters. */
const tokenForm = /^[0-9A-Za-z_-]{1,128}$/;
const absent = refuse('signature_missing', 'The body is not a JSON object with a member "signature".');
const malformed = refuse(
  'signature_invalid',
  '"signature" must hold "timestamp" in seconds, "token" and "signature" as 64 hexadecimal digits.',
);

const messageOf = (timestamp: string, token: string): Message => ({
  before: timestamp,
  body: token,
  after: '',
});

function read(rawBody: Uint8Array) {
  const signature = memberOf(parseJson(rawBody), 'signature');
  if (typeof signature !== 'object' || signature === null) return absent;
  const timestamp = memberOf(signature, 'timestamp');
  const token = memberOf(signature, 'token');
  const text = memberOf(signature, 'signature');
  if (typeof token !== 'string' || !tokenForm.test(token) || typeof text !== 'string') return malformed;
  const given = hex.read(text);
  const time = typeof timestamp === 'string' || typeof timestamp === 'number' ? String(timestamp) : '';
  const signedAtMs = parseTimestamp(time, 's');
  return given && signedAtMs !== undefined ? { time, signedAtMs, token, given } : malformed;
}

function verify({ toleranceSeconds }: MailgunSettings, request: WebhookRequest): Verdict {
  const found = read(request.rawBody);
  if ('ok' in found) return found;
  const { time, signedAtMs, token, given } = found;
  const message = messageOf(time, token);
  const signatures = [given];
  let keyId: string | undefined;
  for (const secret of activeSecrets(request.secrets, request.nowMs)) {
    const matches = hmacMatches('sha256', secret.value, message, signatures);
    if (matches && keyId === undefined) keyId = secret.keyId;
  }
  return keyId === undefined ? noMatch : judgeTime(keyId, signedAtMs, request.nowMs, toleranceSeconds);
}

function sign({ rawBody, secret, nowMs, url }: SignInput): SignedRequest {
  const body = parseJson(rawBody);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new SignalboxError('config_invalid', 'Mailgun signs inside the body: it must be a JSON object.');
  const timestamp = writeTimestamp(nowMs, 's');
  const token = createHash('sha256').update(rawBody).digest('hex').slice(0, 50);
  const signature = {
    timestamp,
    token,
    signature: hex.write(hmacDigest('sha256', secret, messageOf(timestamp, token))),
  };
  const signed = JSON.stringify({ ...body, signature });
  return { headers: {}, rawBody: signed, ...(url === undefined ? {} : { url }) };
}

/** Mailgun's signature inside the body. It covers a time and a token, not the event: send only over HTTPS. */
export function mailgunScheme(settings: MailgunSettings): Scheme {
  return Object.freeze({
    name: 'mailgun',
    verify: (request: WebhookRequest) => verify(settings, request),
    secretProblem: emptySecret,
    sign,
  });
}
