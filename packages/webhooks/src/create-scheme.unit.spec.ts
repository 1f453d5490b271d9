import { SignalboxError } from '@signalbox/errors';
import { createScheme } from './create-scheme.js';
import { schemeSettings, type SchemeSettingsInput } from './settings/scheme-settings.js';

const failure = (settings: unknown): SignalboxError => {
  try {
    createScheme(settings as SchemeSettingsInput);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
  }
  throw new Error('expected a SignalboxError');
};
const hmac = { kind: 'hmac', header: 'x-sig' };

it.each([
  ['no kind', {}, '/kind'],
  ['a kind that does not exist', { kind: 'md5' }, '/kind'],
  ['no header', { kind: 'hmac' }, '/header'],
  ['a header that is none', { ...hmac, header: 'x sig' }, '/header'],
  ['an empty list of headers', { ...hmac, header: [] }, '/header'],
  ['a slip of the pen', { ...hmac, encodng: 'base64' }, ''],
  ['an unsafe hash', { ...hmac, algorithm: 'md5' }, '/algorithm'],
  ['a template without the body', { ...hmac, signed: '{timestamp}' }, '/signed'],
  ['the body twice', { ...hmac, signed: '{body}{body}' }, '/signed'],
  ['a placeholder that does not exist', { ...hmac, signed: '{bdy}{body}' }, '/signed'],
  ['a brace too many', { ...hmac, signed: '{body}}' }, '/signed'],
  ['a time in no place', { ...hmac, timestamp: { unit: 's' } }, '/timestamp'],
  ['a time in two places', { ...hmac, timestamp: { header: 'a', field: 't' } }, '/timestamp'],
  [
    'no tolerance',
    { ...hmac, timestamp: { header: 'a', toleranceSeconds: 0 } },
    '/timestamp/toleranceSeconds',
  ],
  ['a pointer that is none', { ...hmac, timestamp: { pointer: 'a' } }, '/timestamp/pointer'],
  ['a token in no place', { kind: 'token' }, ''],
  ['settings where there are none', { kind: 'twilio', header: 'x' }, ''],
])('refuses %s and points at it', (_, settings, pointer) => {
  const { code, pointers } = failure(settings);
  expect(code).toBe('config_invalid');
  expect(pointers.map((problem) => problem.pointer)).toContain(pointer);
});

it('a time in a field of the header must be named in the signature that is a list', () => {
  expect(failure({ ...hmac, timestamp: { field: 't' } }).pointers).toEqual([
    { pointer: '/timestamp/field', message: 'stands in a list: field of the signature is needed as well' },
  ]);
});

it('a time that is signed must be in what is signed', () => {
  for (const timestamp of [{ header: 'x-time' }, { field: 't' }])
    expect(failure({ ...hmac, field: 'v1', timestamp }).pointers).toEqual([
      { pointer: '/signed', message: 'must hold {timestamp}: a time that is not signed proves nothing' },
    ]);
  expect(failure({ ...hmac, signed: '{timestamp}{body}' }).pointers).toEqual([
    { pointer: '/timestamp', message: 'is needed: {timestamp} is signed' },
  ]);
});

it('fills in what is left out and turns headers to lower case', () => {
  expect(schemeSettings.parse({ kind: 'hmac', header: 'X-Sig' })).toEqual({
    kind: 'hmac',
    header: 'x-sig',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'text',
    separator: ',',
    signed: '{body}',
  });
});

it.each<[string, SchemeSettingsInput, string | Uint8Array, string | undefined]>([
  ['any text', { kind: 'hmac', header: 'x' }, 's', undefined],
  ['an empty text', { kind: 'hmac', header: 'x' }, '', 'a text'],
  ['no base64', { kind: 'hmac', header: 'x', key: 'base64' }, '(', 'written as base64'],
  ['no public key', { kind: 'ed25519', header: 'x' }, 'key', 'public Ed25519 key'],
  ['no public key', { kind: 'ecdsa', header: 'x' }, new Uint8Array(3), 'elliptic curve'],
  ['no base64', { kind: 'standard-webhooks' }, 'whsec_(', 'whsec_'],
  ['a secret', { kind: 'standard-webhooks' }, 'whsec_AAAA', undefined],
  ['an empty text', { kind: 'mailgun' }, '', 'empty'],
])('says what is wrong with a secret: %s, %j', (_, settings, secret, problem) => {
  const said = createScheme(settings).secretProblem(secret);
  if (problem === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(problem);
});
