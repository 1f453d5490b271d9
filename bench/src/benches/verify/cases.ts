import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SchemeSettingsInput, SignedRequest } from '@signalbox/webhooks';
import {
  bareEcdsa,
  bareEd25519,
  bareHmac,
  bareMailgun,
  bareTwilio,
  type Check,
  type Signed,
} from './bare.js';

/** One scheme beside the shortest code that checks the same signature over the same bytes. */
export interface VerifyCase {
  readonly name: string;
  readonly settings: SchemeSettingsInput;
  /** What the sender signs with. */
  readonly secret: string;
  /** What the receiver checks with, where that is not the secret. */
  readonly publicKey?: string;
  /** The shortest check of what was signed. */
  bare(signed: SignedRequest): Check;
  /** Checks in a round for each check of an HMAC; public keys cost many times as much. */
  readonly share: number;
}

const secret = 'a-secret-of-thirty-two-characters';
const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
/** The address every request is sent to; some schemes sign it. */
export const url = 'https://hooks.example.com/webhooks/source';

const ed25519 = generateKeyPairSync('ed25519');
const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pems = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) => ({
  secret: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
});
/** The 32 bytes of an Ed25519 key stand last in its DER. */
const bytes = (der: Buffer): string => der.subarray(-32).toString('base64');

/** What a request holds, told by the header of the signature and by a time in front of the body. */
function read(
  { headers, rawBody }: SignedRequest,
  header: string,
  encoding: Signed['encoding'],
  around: Partial<Signed> = {},
): Signed {
  const signature = /(?:^|[=,])([^=,]+={0,2})$/.exec(headers[header] ?? '')?.[1] ?? '';
  return { body: Buffer.from(rawBody), signature, encoding, before: '', after: '', ...around };
}

const hmac = (
  name: string,
  algorithm: 'sha1' | 'sha256' | 'sha512',
  settings: Omit<Extract<SchemeSettingsInput, { kind: 'hmac' }>, 'kind' | 'algorithm' | 'header'>,
  around: (signed: SignedRequest) => Partial<Signed> = () => ({}),
): VerifyCase => ({
  name,
  settings: { kind: 'hmac', algorithm, header: 'x-signature', ...settings },
  secret,
  bare: (signed) =>
    bareHmac(
      algorithm,
      secret,
      read(signed, 'x-signature', settings.encoding === 'base64' ? 'base64' : 'hex', around(signed)),
    ),
  share: 1,
});

const standardBefore = ({ headers }: SignedRequest): string =>
  `${headers['webhook-id']}.${headers['webhook-timestamp']}.`;
const timed = { signed: '{timestamp}{body}', timestamp: { header: 'x-time' } };
const timeBefore = ({ headers }: SignedRequest): Partial<Signed> => ({ before: headers['x-time'] ?? '' });

/** Every kind of scheme, and HMAC in each of its hashes and places. */
export const verifyCases: readonly VerifyCase[] = [
  hmac('x-webhook-signature', 'sha256', { prefix: 'sha256=', prefixOptional: true }),
  hmac('HMAC-SHA1, hex', 'sha1', { prefix: 'sha1=' }),
  hmac('HMAC-SHA512, base64', 'sha512', { encoding: 'base64' }),
  hmac('time in its own header (Slack)', 'sha256', { prefix: 'v0=', ...timed }, timeBefore),
  hmac(
    'time in a list (Stripe)',
    'sha256',
    { field: 'v1', signed: '{timestamp}.{body}', timestamp: { field: 't' } },
    ({ headers }) => ({ before: `${/^t=(\d+)/.exec(headers['x-signature'] ?? '')?.[1]}.` }),
  ),
  hmac('address (Square)', 'sha256', { encoding: 'base64', signed: '{url}{body}' }, () => ({ before: url })),
  {
    name: 'Standard Webhooks v1',
    settings: { kind: 'standard-webhooks' },
    secret: `whsec_${key.toString('base64')}`,
    bare: (signed) =>
      bareHmac(
        'sha256',
        key,
        read(signed, 'webhook-signature', 'base64', { before: standardBefore(signed) }),
      ),
    share: 1,
  },
  {
    name: 'Standard Webhooks v1a',
    settings: { kind: 'standard-webhooks' },
    secret: `whsk_${bytes(ed25519.privateKey.export({ format: 'der', type: 'pkcs8' }))}`,
    publicKey: `whpk_${bytes(ed25519.publicKey.export({ format: 'der', type: 'spki' }))}`,
    bare: (signed) =>
      bareEd25519(
        ed25519.publicKey,
        read(signed, 'webhook-signature', 'base64', { before: standardBefore(signed) }),
      ),
    share: 0.1,
  },
  {
    name: 'Ed25519 (Discord)',
    settings: { kind: 'ed25519', header: 'x-signature', ...timed },
    ...pems(ed25519),
    bare: (signed) => bareEd25519(ed25519.publicKey, read(signed, 'x-signature', 'hex', timeBefore(signed))),
    share: 0.1,
  },
  {
    name: 'ECDSA (SendGrid)',
    settings: { kind: 'ecdsa', header: 'x-signature', ...timed },
    ...pems(ecdsa),
    bare: (signed) => bareEcdsa(ecdsa.publicKey, read(signed, 'x-signature', 'base64', timeBefore(signed))),
    share: 0.1,
  },
  {
    name: 'Twilio',
    settings: { kind: 'twilio' },
    secret,
    bare: (signed) => bareTwilio(secret, signed.url ?? '', read(signed, 'x-twilio-signature', 'base64')),
    share: 1,
  },
  {
    name: 'Mailgun',
    settings: { kind: 'mailgun' },
    secret,
    bare: ({ rawBody }) => bareMailgun(secret, rawBody),
    share: 1,
  },
];
