import { createSign, createVerify, sign, verify, type KeyObject } from 'node:crypto';
import { readPrivateKey, readPublicKey } from '../parts/asymmetric-keys.js';
import type { Scheme } from '../scheme.js';
import type { SchemeSettings } from '../settings/scheme-settings.js';
import type { Message } from '../parts/hmac.js';
import { signedScheme } from './signed-scheme.js';

type Ed25519Settings = Extract<SchemeSettings, { kind: 'ed25519' }>;
type EcdsaSettings = Extract<SchemeSettings, { kind: 'ecdsa' }>;

/** Ed25519 takes a message in one piece. */
const joined = ({ before, body, after }: Message): Uint8Array =>
  before === '' && after === '' && typeof body !== 'string'
    ? body
    : Buffer.concat([
        Buffer.from(before),
        typeof body === 'string' ? Buffer.from(body) : body,
        Buffer.from(after),
      ]);

/** Never throws: a signature OpenSSL cannot read is a wrong one. */
const quietly = (check: () => boolean): boolean => {
  try {
    return check();
  } catch {
    return false;
  }
};

export function ed25519Scheme(settings: Ed25519Settings): Scheme {
  return signedScheme<KeyObject>(settings, {
    name: 'ed25519',
    signatureBytes: 64,
    keyForm: 'a public Ed25519 key: PEM, DER in base64, or its 32 bytes in hexadecimal or base64',
    verifyingKey: (secret) => readPublicKey(secret, 'ed25519'),
    matches(key, message, given) {
      const data = joined(message);
      return given.some((signature) => quietly(() => verify(null, data, key, signature)));
    },
    make: (secret, message) => sign(null, joined(message), readPrivateKey(secret, 'ed25519')),
  });
}

export function ecdsaScheme({ algorithm, form, ...settings }: EcdsaSettings): Scheme {
  const dsaEncoding = form === 'der' ? 'der' : 'ieee-p1363';
  return signedScheme<KeyObject>(settings, {
    name: 'ecdsa',
    signatureBytes: undefined,
    keyForm: 'a public key of an elliptic curve: PEM, or DER in base64',
    verifyingKey: (secret) => readPublicKey(secret, 'ec'),
    matches: (key, { before, body, after }, given) =>
      given.some((signature) =>
        quietly(() =>
          createVerify(algorithm)
            .update(before)
            .update(body)
            .update(after)
            .verify({ key, dsaEncoding }, signature),
        ),
      ),
    make: (secret, { before, body, after }) =>
      createSign(algorithm)
        .update(before)
        .update(body)
        .update(after)
        .sign({ key: readPrivateKey(secret, 'ec'), dsaEncoding }),
  });
}
