import { generateKeyPairSync } from 'node:crypto';
import { createScheme } from '../create-scheme.js';
import type { Scheme } from '../scheme.js';

const nowMs = 1_775_390_460_000;
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: typeof ed.privateKey): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const der = (key: typeof ed.publicKey): Buffer => key.export({ format: 'der', type: 'spki' });

const verify = (scheme: Scheme, value: string | Buffer, headers: Record<string, string>, body = '{}') =>
  scheme.verify({ rawBody: Buffer.from(body), headers, secrets: [{ keyId: 'k', value }], nowMs });

describe('ed25519', () => {
  const scheme = createScheme({ kind: 'ed25519', header: 'sig' });
  const { headers } = scheme.sign({ rawBody: '{}', secret: pem(ed.privateKey), nowMs });
  const spki = der(ed.publicKey);
  const raw = spki.subarray(-32);

  it.each([
    ['PEM', ed.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ['DER in base64', spki.toString('base64')],
    ['32 bytes in hexadecimal', raw.toString('hex')],
    ['32 bytes in base64', raw.toString('base64')],
    ['32 bytes', raw],
    ['DER', spki],
  ])('takes the public key as %s', (_, value) => {
    expect(verify(scheme, value, headers)).toEqual({ ok: true, keyId: 'k' });
    expect(verify(scheme, value, headers, '{ }')).toMatchObject({ code: 'signature_invalid' });
  });

  it.each([
    ['the private key', pem(ed.privateKey)],
    ['a key of another kind', der(ec.publicKey).toString('base64')],
    ['a key and something after it', Buffer.concat([spki, Buffer.from([0])])],
    ['31 bytes', raw.subarray(1).toString('hex')],
    ['no key', 'hello'],
  ])('never matches with %s for a public key', (_, value) => {
    expect(verify(scheme, value, headers)).toMatchObject({ code: 'signature_invalid' });
  });

  it('signs with a private Ed25519 key only', () => {
    for (const secret of [pem(ec.privateKey), 'hello', Buffer.from('hello')])
      expect(() => scheme.sign({ rawBody: '', secret, nowMs })).toThrow('private ed25519 key is needed');
    expect(scheme.sign({ rawBody: '{}', secret: Buffer.from(pem(ed.privateKey)), nowMs }).headers).toEqual(
      headers,
    );
  });

  it('reads each key once', () => {
    const secret = { keyId: 'k', value: raw.toString('hex') };
    const request = { rawBody: Buffer.from('{}'), headers, secrets: [secret], nowMs };
    expect(scheme.verify(request).ok).toBe(true);
    secret.value = 'changed behind its back';
    expect(scheme.verify(request).ok).toBe(true);
  });
});

describe('ecdsa', () => {
  it.each(['der', 'p1363'] as const)('takes signatures as %s and not as the other', (form) => {
    const scheme = createScheme({ kind: 'ecdsa', header: 'sig', form, signed: '{body}.' });
    const other = createScheme({
      kind: 'ecdsa',
      header: 'sig',
      form: form === 'der' ? 'p1363' : 'der',
      signed: '{body}.',
    });
    const { headers } = scheme.sign({ rawBody: '{}', secret: pem(ec.privateKey), nowMs });
    const key = der(ec.publicKey).toString('base64');
    expect(verify(scheme, key, headers)).toEqual({ ok: true, keyId: 'k' });
    expect(verify(other, key, headers)).toMatchObject({ code: 'signature_invalid' });
    expect(verify(scheme, key, headers, '[]')).toMatchObject({ code: 'signature_invalid' });
    expect(verify(scheme, key, { sig: 'AAAA' })).toMatchObject({ code: 'signature_invalid' });
  });

  it.each([
    ['sha384', 'P-384'],
    ['sha512', 'P-521'],
  ] as const)('%s with %s', (algorithm, namedCurve) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    const scheme = createScheme({ kind: 'ecdsa', header: 'sig', algorithm, encoding: 'hex' });
    const { headers } = scheme.sign({ rawBody: '{}', secret: pem(privateKey), nowMs });
    expect(verify(scheme, der(publicKey), headers)).toEqual({ ok: true, keyId: 'k' });
    expect(verify(scheme, der(ec.publicKey), headers)).toMatchObject({ code: 'signature_invalid' });
  });
});
