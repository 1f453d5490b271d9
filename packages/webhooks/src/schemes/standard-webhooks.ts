import { SignalboxError } from '@signalbox/errors';
import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { ed25519PrivateKey, ed25519PublicKey } from '../parts/asymmetric-keys.js';
import { textForm } from '../parts/encoding.js';
import { hmacDigest, hmacMatches } from '../parts/hmac.js';
import { KeyCache } from '../parts/key-cache.js';
import { judgeTime, parseTimestamp, writeTimestamp } from '../parts/timestamp.js';
import type { Scheme, SignedRequest, SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import type { SchemeSettings } from '../settings/scheme-settings.js';
import { headerText, singleHeader } from '../single-header.js';
import { headerTitle, noMatch, refuse, type Refused } from '../verdict.js';

type Settings = Extract<SchemeSettings, { kind: 'standard-webhooks' }>;

/** `v1` signatures are checked by a secret key, `v1a` signatures by a public one. */
type Key =
  | { readonly version: 'v1'; readonly secret: Uint8Array }
  | { readonly version: 'v1a'; readonly publicKey: KeyObject };

interface Given {
  readonly v1: readonly Buffer[];
  readonly v1a: readonly Buffer[];
}

const signaturesMax = 16;
const base64 = textForm('base64');
const forms = { v1: textForm('base64', 32), v1a: textForm('base64', 64) } as const;

/** What `whsec_…` and `whpk_…` stand for; a secret without either prefix is one for `v1`. */
function readKey(secret: string | Uint8Array): Key | undefined {
  if (typeof secret !== 'string') return { version: 'v1', secret };
  const bytes = base64.read(secret.replace(/^wh(?:sec|pk)_/, ''));
  if (!bytes || bytes.length === 0) return undefined;
  if (!secret.startsWith('whpk_')) return { version: 'v1', secret: bytes };
  const publicKey = ed25519PublicKey(bytes);
  return publicKey && { version: 'v1a', publicKey };
}

/** Signatures with a blank between them; those of versions not known here do not count, as the standard says. */
function readSignatures(value: string): Given | undefined {
  const given = { v1: [] as Buffer[], v1a: [] as Buffer[] };
  const parts = value.split(' ');
  if (parts.length > signaturesMax) return undefined;
  for (const part of parts) {
    const comma = part.indexOf(',');
    if (comma < 0 || part.includes(',', comma + 1) || part.length === comma + 1) return undefined;
    const version = part.slice(0, comma);
    if (version !== 'v1' && version !== 'v1a') continue;
    const signature = forms[version].read(part.slice(comma + 1));
    if (!signature) return undefined;
    given[version].push(signature);
  }
  return given;
}

function matches(key: Key, before: string, body: Uint8Array, given: Given): boolean {
  if (key.version === 'v1a') {
    if (given.v1a.length === 0) return false;
    const data = Buffer.concat([Buffer.from(before), body]);
    return given.v1a.some((signature) => verify(null, data, key.publicKey, signature));
  }
  if (given.v1.length === 0) return false;
  return hmacMatches('sha256', key.secret, { before, body, after: '' }, given.v1);
}

class Verification {
  private readonly keys = new KeyCache(readKey);
  private readonly names;
  private readonly refusals;

  constructor(private readonly settings: Settings) {
    const name = (end: string): string => `${settings.headerPrefix}-${end}`;
    this.names = { id: name('id'), timestamp: name('timestamp'), signature: name('signature') };
    const titles = Object.values(this.names).map(headerTitle);
    const [id = '', timestamp = '', signature = ''] = titles;
    this.refusals = {
      missing: refuse('signature_missing', `The headers ${titles.join(', ')} are needed; one is missing.`),
      repeated: refuse('signature_invalid', `One of the headers ${titles.join(', ')} occurs more than once.`),
      time: refuse(
        'signature_invalid',
        `${timestamp} must be seconds since 1970 in digits, and ${id} a name.`,
      ),
      form: refuse('signature_invalid', `${signature} must be a list of v1,<32 bytes in base64>.`),
    };
  }

  verify(request: WebhookRequest): Verdict {
    const read = this.read(request);
    if ('ok' in read) return read;
    const { id, timestamp, signature } = read;
    const signedAtMs = parseTimestamp(timestamp, 's');
    if (signedAtMs === undefined || id.length > 256) return this.refusals.time;
    const given = readSignatures(signature);
    if (!given) return this.refusals.form;
    const before = `${id}.${timestamp}.`;
    let keyId: string | undefined;
    for (const secret of activeSecrets(request.secrets, request.nowMs)) {
      const key = this.keys.keyOf(secret);
      const matched = key !== undefined && matches(key, before, request.rawBody, given);
      if (matched && keyId === undefined) keyId = secret.keyId;
    }
    return keyId === undefined
      ? noMatch
      : judgeTime(keyId, signedAtMs, request.nowMs, this.settings.toleranceSeconds);
  }

  secretProblem(secret: string | Uint8Array): string | undefined {
    if (secret.length > 0 && this.keys.tryRead(secret)) return undefined;
    return 'The secret must be whsec_ and a key in base64, or whpk_ and a public key in base64.';
  }

  private read({ headers }: WebhookRequest): Refused | { id: string; timestamp: string; signature: string } {
    const id = headerText(headers, this.names.id);
    const timestamp = headerText(headers, this.names.timestamp);
    const signature = headerText(headers, this.names.signature, 'allowed');
    if (id !== undefined && timestamp !== undefined && signature !== undefined)
      return { id, timestamp, signature };
    const absent = Object.values(this.names).some((name) => singleHeader(headers, name).kind === 'missing');
    return absent ? this.refusals.missing : this.refusals.repeated;
  }
}

function makeSignature(secret: string | Uint8Array, before: string, body: Uint8Array | string): string {
  if (typeof secret === 'string' && secret.startsWith('whsk_')) {
    const bytes = base64.read(secret.slice('whsk_'.length));
    const key = bytes && ed25519PrivateKey(bytes);
    if (key)
      return `v1a,${base64.write(sign(null, Buffer.concat([Buffer.from(before), Buffer.from(body)]), key))}`;
  }
  const key = readKey(secret);
  if (key?.version === 'v1' && key.secret.length > 0)
    return `v1,${base64.write(hmacDigest('sha256', key.secret, { before, body, after: '' }))}`;
  throw new SignalboxError('config_invalid', 'To sign, the secret must be whsec_ or whsk_ and base64.');
}

function signWith({ headerPrefix }: Settings, input: SignInput): SignedRequest {
  const { rawBody, secret, nowMs, headers, url } = input;
  const idHeader = `${headerPrefix}-id`;
  // Without an id of the caller the same body has the same one, so that a repeat is known as such.
  const id = headers?.[idHeader] ?? `msg_${createHash('sha256').update(rawBody).digest('hex').slice(0, 27)}`;
  const timestamp = writeTimestamp(nowMs, 's');
  return {
    headers: {
      [idHeader]: id,
      [`${headerPrefix}-timestamp`]: timestamp,
      [`${headerPrefix}-signature`]: makeSignature(secret, `${id}.${timestamp}.`, rawBody),
    },
    rawBody,
    ...(url === undefined ? {} : { url }),
  };
}

/** Standard Webhooks 1.0 with shared secrets (`v1`) and with key pairs (`v1a`). */
export function standardWebhooksScheme(settings: Settings): Scheme {
  const check = new Verification(settings);
  return Object.freeze({
    name: 'standard-webhooks',
    verify: (request: WebhookRequest) => check.verify(request),
    secretProblem: (secret: string | Uint8Array) => check.secretProblem(secret),
    sign: (input: SignInput) => signWith(settings, input),
  });
}
