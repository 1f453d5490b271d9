import { SignalboxError } from '@signalbox/errors';
import { textForm } from '../parts/encoding.js';
import { hmacDigest, hmacMatches } from '../parts/hmac.js';
import type { Scheme } from '../scheme.js';
import type { SchemeSettings } from '../settings/scheme-settings.js';
import { signedScheme } from './signed-scheme.js';

type HmacSettings = Extract<SchemeSettings, { kind: 'hmac' }>;
type HmacKey = string | Uint8Array;

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** The key a secret stands for; undefined when it is not written as the settings say. */
function keyReader(written: HmacSettings['key']): (secret: HmacKey) => HmacKey | undefined {
  if (written === 'text') return (secret) => secret;
  const form = textForm(written);
  return (secret) => (typeof secret === 'string' ? form.read(secret) : secret);
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
    matches: (key, message, given) => hmacMatches(algorithm, key, message, given),
    make(secret, message) {
      const key = read(secret);
      if (key === undefined || key.length === 0)
        throw new SignalboxError('config_invalid', `The secret must be a key written as ${settings.key}.`);
      return hmacDigest(algorithm, key, message);
    },
  });
}
