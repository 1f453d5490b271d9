import { generateKeyPairSync } from 'node:crypto';
import { createScheme } from '../create-scheme.js';

const nowMs = 1_775_390_460_000;
const scheme = createScheme({ kind: 'standard-webhooks' });
const value = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const { headers } = scheme.sign({ rawBody: '{}', secret: value, nowMs });
const signature = headers['webhook-signature'] ?? '';
const verify = (changed: Record<string, string | string[] | undefined>, secret: string | Buffer = value) =>
  scheme.verify({
    rawBody: Buffer.from('{}'),
    headers: { ...headers, ...changed },
    secrets: [{ keyId: 'k', value: secret }],
    nowMs,
  });
const ok = { ok: true, keyId: 'k', signedAtMs: nowMs };
const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;

it.each([
  ['the right one last', `${wrong} ${signature}`],
  ['versions that are not known', `v9,abc ${signature} v1b,==`],
])('accepts %s', (_, list) => {
  expect(verify({ 'webhook-signature': list })).toEqual(ok);
});

it.each([
  ['only versions that are not known', 'v9,abc'],
  ['the signature as one of public keys', signature.replace('v1,', 'v1a,')],
  ['no version', signature.slice(3)],
  ['two blanks', `${wrong}  ${signature}`],
  ['two headers in one', `${signature}, ${signature}`],
  ['a part of three', `${signature},x`],
  ['seventeen signatures', Array.from({ length: 17 }, () => signature).join(' ')],
])('refuses %s', (_, list) => {
  expect(verify({ 'webhook-signature': list })).toMatchObject({ code: 'signature_invalid' });
});

it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('needs %s once', (name) => {
  expect(verify({ [name]: undefined })).toMatchObject({ code: 'signature_missing' });
  expect(verify({ [name]: ['a', 'b'] })).toMatchObject({ code: 'signature_invalid' });
});

it('refuses a time that is none, an endless id, and what is old or of the future', () => {
  expect(verify({ 'webhook-timestamp': '1775390460.0' })).toMatchObject({ code: 'signature_invalid' });
  expect(verify({ 'webhook-id': 'a'.repeat(257) })).toMatchObject({ code: 'signature_invalid' });
  for (const away of [-301_000, 301_000]) {
    const late = scheme.sign({ rawBody: '{}', secret: value, nowMs: nowMs + away });
    expect(verify(late.headers)).toMatchObject({ code: 'timestamp_out_of_tolerance' });
  }
});

it('takes the secret with or without its prefix, or its bytes', () => {
  const bare = value.slice('whsec_'.length);
  for (const secret of [bare, Buffer.from(bare, 'base64')]) expect(verify({}, secret)).toEqual(ok);
  for (const secret of ['whsec_', 'whsec_(no base64)', `whpk_${bare}`])
    expect(verify({}, secret)).toMatchObject({ code: 'signature_invalid' });
});

it('accepts both kinds of signature while a source moves from one to the other', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = (key: Buffer): string => key.subarray(-32).toString('base64');
  const secret = `whsk_${raw(privateKey.export({ format: 'der', type: 'pkcs8' }))}`;
  const publicSecret = `whpk_${raw(publicKey.export({ format: 'der', type: 'spki' }))}`;
  const { 'webhook-signature': v1a = '' } = scheme.sign({ rawBody: '{}', secret, nowMs }).headers;
  expect(v1a).toMatch(/^v1a,/);
  for (const secretOfUs of [value, publicSecret])
    expect(verify({ 'webhook-signature': `${signature} ${v1a}` }, secretOfUs)).toEqual(ok);
  expect(verify({ 'webhook-signature': signature }, publicSecret)).toMatchObject({ ok: false });
  expect(verify({ 'webhook-signature': v1a })).toMatchObject({ ok: false });
});

it('signs the same body with the same id, or with the id it is given', () => {
  expect(headers['webhook-id']).toMatch(/^msg_[0-9a-f]{27}$/);
  expect(scheme.sign({ rawBody: '{}', secret: value, nowMs }).headers).toEqual(headers);
  const given = scheme.sign({ rawBody: '{}', secret: value, nowMs, headers: { 'webhook-id': 'mine' } });
  expect(given.headers['webhook-id']).toBe('mine');
  expect(verify(given.headers)).toEqual(ok);
  for (const secret of ['', 'whsk_AAAA', 'whsec_'])
    expect(() => scheme.sign({ rawBody: '', secret, nowMs })).toThrow('whsec_ or whsk_');
});
