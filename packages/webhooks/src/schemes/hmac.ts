import { SignalboxError } from '@signalbox/errors';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { textForm } from '../parts/encoding.js';
import type { Scheme } from '../scheme.js';
import type { SchemeSettings } from '../settings/scheme-settings.js';
import { signedScheme, type Message } from './signed-scheme.js';

type HmacSettings = Extract<SchemeSettings, { kind: 'hmac' }>;
type HmacKey = string | Uint8Array;

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** The key a secret stands for; undefined when it is not written as the settings say. */
function keyReader(written: HmacSettings['key']): (secret: HmacKey) => HmacKey | undefined {
  if (written === 'text') return (secret) => secret;
  const form = textForm(written);
  return (secret) => (typeof secret === 'string' ? form.read(secret) : secret);
}

function digest(algorithm: string, key: HmacKey, { before, body, after }: Message): Buffer {
  const hmac = createHmac(algorithm, key);
  if (before !== '') hmac.update(before);
  hmac.update(body);
  if (after !== '') hmac.update(after);
  return hmac.digest();
}

/** HMAC over a template of the request, at a place of the headers the settings name. */
export function hmacScheme(settings: HmacSettings): Scheme {
  const { algorithm } = settings;
  const read = keyReader(settings.key);
  return signedScheme<HmacKey>(settings, {
    name: 'hmac',
    signatureBytes: digestBytes[algorithm],
    keyForm: settings.key === 'text' ? 'a text' : `a key written as ${settings.key}`,
    verifyingKey: read,
    matches(key, message, given) {
      const expected = digest(algorithm, key, message);
      let matched = false;
      for (const signature of given) if (timingSafeEqual(expected, signature)) matched = true;
      return matched;
    },
    make(secret, message) {
      const key = read(secret);
      if (key === undefined || key.length === 0)
        throw new SignalboxError('config_invalid', `The secret must be a key written as ${settings.key}.`);
      return digest(algorithm, key, message);
    },
  });
}
