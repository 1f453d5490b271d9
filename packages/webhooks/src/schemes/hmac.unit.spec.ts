import { createHmac } from 'node:crypto';
import { rfc4231 } from '../../test/rfc4231.js';
import { createScheme } from '../create-scheme.js';
import type { SchemeSettingsInput } from '../settings/scheme-settings.js';

const nowMs = 1_775_390_460_000;
const body = Buffer.from('{"a":1}');
type Hmac = Extract<SchemeSettingsInput, { kind: 'hmac' }>;

const verify = (
  settings: Omit<Hmac, 'kind'>,
  headers: Record<string, string | string[] | undefined>,
  more: { rawBody?: Buffer; secret?: string | Buffer; method?: string; url?: string; nowMs?: number } = {},
) =>
  createScheme({ kind: 'hmac', ...settings }).verify({
    rawBody: more.rawBody ?? body,
    headers,
    secrets: [{ keyId: 'k', value: more.secret ?? 's' }],
    nowMs: more.nowMs ?? nowMs,
    ...(more.method === undefined ? {} : { method: more.method }),
    ...(more.url === undefined ? {} : { url: more.url }),
  });
const mac = (text: string, encoding: 'hex' | 'base64' | 'base64url' = 'hex', algorithm = 'sha256') =>
  createHmac(algorithm, 's').update(text).digest(encoding);
const ok = { ok: true, keyId: 'k' };
const invalid = { ok: false, code: 'signature_invalid' };

it.each(rfc4231)('RFC 4231, case $name', ({ key, data, hex }) => {
  expect(verify({ header: 'x' }, { x: hex }, { rawBody: data, secret: key })).toEqual(ok);
});

it.each([
  ['sha1', 'hex'],
  ['sha1', 'base64'],
  ['sha256', 'base64'],
  ['sha256', 'base64url'],
  ['sha512', 'hex'],
  ['sha512', 'base64'],
] as const)('%s in %s, and nothing longer or shorter', (algorithm, encoding) => {
  const signature = mac('{"a":1}', encoding, algorithm);
  const settings = { header: 'X-Sig', algorithm, encoding };
  expect(verify(settings, { 'x-sig': signature })).toEqual(ok);
  for (const wrong of [
    signature.slice(1),
    `${signature}0`,
    ` ${signature}`,
    `${signature}\n`,
    `sha=${signature}`,
  ])
    expect(verify(settings, { 'x-sig': wrong })).toMatchObject(invalid);
});

it('takes base64 in one form only: padded, with unused bits of zero', () => {
  const signature = mac('{"a":1}', 'base64');
  const settings = { header: 'x', encoding: 'base64' } as const;
  const loose = signature.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
  expect(Buffer.from(loose, 'base64').equals(Buffer.from(signature, 'base64'))).toBe(true);
  for (const other of [loose, signature.replace('=', ''), mac('{"a":1}', 'base64url')])
    expect(verify(settings, { x: other })).toMatchObject(invalid);
});

it('takes the secret as text, base64 or hexadecimal', () => {
  const key = Buffer.from('0123456789abcdef');
  const signature = createHmac('sha256', key).update(body).digest('hex');
  for (const written of ['base64', 'hex'] as const) {
    expect(
      verify({ header: 'x', key: written }, { x: signature }, { secret: key.toString(written) }),
    ).toEqual(ok);
    expect(verify({ header: 'x', key: written }, { x: signature }, { secret: key })).toEqual(ok);
    expect(verify({ header: 'x', key: written }, { x: signature }, { secret: '(no key)' })).toMatchObject(
      invalid,
    );
  }
});

describe('a header of fields', () => {
  const settings: Omit<Hmac, 'kind'> = {
    header: 'sig',
    field: 'v1',
    signed: '{timestamp}.{body}',
    timestamp: { field: 't' },
  };
  const good = mac('1775390460.{"a":1}');
  const bad = '0'.repeat(64);

  it.each([
    ['one signature', `t=1775390460,v1=${good}`],
    ['the right one last', `t=1775390460,v1=${bad},v1=${good}`],
    ['the time last', `v1=${good},t=1775390460`],
    ['fields of other versions', `t=1775390460,v0=zzz,v1=${good},v2=`],
  ])('%s', (_, sig) => {
    expect(verify(settings, { sig })).toEqual({ ...ok, signedAtMs: nowMs });
  });

  it.each([
    ['no time', `v1=${good}`],
    ['no signature', 't=1775390460'],
    ['two times', `t=1775390460,t=1775390460,v1=${good}`],
    ['two headers in one', `t=1775390460,v1=${good}, t=1775390460,v1=${good}`],
    ['a field without a name', `t=1775390460,v1=${good},=x`],
    ['a field without a value', `t=1775390460,v1=${good},x`],
    ['another separator', `t=1775390460;v1=${good}`],
    ['a time with a sign', `t=+1775390460,v1=${good}`],
    ['a signature of another form beside the right one', `t=1775390460,v1=abc,v1=${good}`],
    ['seventeen signatures', `t=1775390460${`,v1=${good}`.repeat(17)}`],
    ['nothing but text', 'hello'],
  ])('refuses %s', (_, sig) => {
    expect(verify(settings, { sig })).toMatchObject(invalid);
  });

  it('refuses the header twice, and says when it is missing', () => {
    const sig = `t=1775390460,v1=${good}`;
    expect(verify(settings, { sig: [sig, sig] })).toMatchObject(invalid);
    expect(verify(settings, {})).toEqual({
      ok: false,
      code: 'signature_missing',
      reason: 'The header Sig is missing.',
    });
  });
});

describe('a time in a header', () => {
  const timed = (unit: 's' | 'ms' | 'rfc3339'): Omit<Hmac, 'kind'> => ({
    header: 'sig',
    signed: '{timestamp}:{body}',
    timestamp: { header: 'Time', unit, toleranceSeconds: 10 },
  });
  it.each([
    ['s', '1775390460'],
    ['ms', '1775390460000'],
    ['rfc3339', '2026-04-05T12:01:00Z'],
    ['rfc3339', '2026-04-05T14:01:00.000+02:00'],
  ] as const)('in %s: %s', (unit, time) => {
    const headers = { sig: mac(`${time}:{"a":1}`), time };
    expect(verify(timed(unit), headers)).toEqual({ ...ok, signedAtMs: nowMs });
    expect(verify(timed(unit), headers, { nowMs: nowMs + 10_000 }).ok).toBe(true);
    expect(verify(timed(unit), headers, { nowMs: nowMs - 10_000 }).ok).toBe(true);
    for (const away of [-10_001, 10_001])
      expect(verify(timed(unit), headers, { nowMs: nowMs + away })).toMatchObject({
        code: 'timestamp_out_of_tolerance',
      });
  });

  it.each([
    ['s', '1775390460.5'],
    ['s', '0x69d24fbc'],
    ['s', '177539046000000'],
    ['ms', ''],
    ['rfc3339', '2026-04-05 12:01:00Z'],
    ['rfc3339', '2026-04-05T12:01:00'],
    ['rfc3339', '2026-13-05T12:01:00Z'],
    ['rfc3339', '1775390460'],
  ] as const)('in %s is not: "%s"', (unit, time) => {
    const verdict = verify(timed(unit), { sig: mac(`${time}:{"a":1}`), time });
    expect(verdict).toMatchObject({ code: time === '' ? 'signature_missing' : 'signature_invalid' });
  });

  it('says that the signature is wrong before it says anything of the time', () => {
    const headers = { sig: '0'.repeat(64), time: '1' };
    expect(verify(timed('s'), headers)).toMatchObject(invalid);
  });
});

describe('a time in the body', () => {
  const settings: Omit<Hmac, 'kind'> = { header: 'sig', timestamp: { pointer: '/meta/sent', unit: 'ms' } };
  const of = (text: string) => verify(settings, { sig: mac(text) }, { rawBody: Buffer.from(text) });
  it('counts once the signature is right', () => {
    expect(of(`{"meta":{"sent":${nowMs}}}`)).toEqual({ ...ok, signedAtMs: nowMs });
    expect(of(`{"meta":{"sent":"${nowMs}"}}`)).toEqual({ ...ok, signedAtMs: nowMs });
    expect(of('{"meta":{"sent":1}}')).toMatchObject({ code: 'timestamp_out_of_tolerance' });
    for (const text of [
      '{}',
      '[]',
      'no JSON',
      '{"meta":{"sent":1.5}}',
      '{"meta":{"sent":{}}}',
      '{"meta":null}',
    ])
      expect(of(text)).toMatchObject(invalid);
  });
  it('is put there by the sender', () => {
    const scheme = createScheme({ kind: 'hmac', ...settings });
    const { rawBody } = scheme.sign({ rawBody: '{"a":1,"meta":{"sent":5,"b":2}}', secret: 's', nowMs });
    expect(JSON.parse(String(rawBody))).toEqual({ a: 1, meta: { sent: nowMs, b: 2 } });
  });
});

describe('what is signed besides the body', () => {
  const url = 'https://a.example/x%3Ay%2f?q=%40%20%7e';
  it('takes method, address and headers from the request', () => {
    const settings = { header: 'sig', signed: '{method} {url}\n{header:X-Id}\n{body}' };
    const headers = { sig: mac(`PUT ${url}\nid, 7\n{"a":1}`), 'x-id': 'id, 7' };
    expect(verify(settings, headers, { method: 'PUT', url })).toEqual(ok);
    expect(verify(settings, headers, { url })).toMatchObject(invalid);
    expect(verify(settings, { ...headers, 'x-id': undefined }, { method: 'PUT', url })).toMatchObject(
      invalid,
    );
    expect(verify(settings, headers, { method: 'PUT' })).toMatchObject({
      reason: 'This signature covers the address that was called, and the address is not known here.',
    });
  });
  it('decodes of an address only what HubSpot decodes', () => {
    const settings = { header: 'sig', signed: '{decodedUrl}{body}' };
    expect(verify(settings, { sig: mac('https://a.example/x:y/?q=@%20%7e{"a":1}') }, { url })).toEqual(ok);
  });
  it('cannot be signed without it', () => {
    const scheme = createScheme({ kind: 'hmac', header: 'sig', signed: '{url}{body}' });
    expect(() => scheme.sign({ rawBody: '', secret: 's', nowMs })).toThrow('the address and headers');
  });
});

it('takes the signature from any of several headers', () => {
  const settings = { header: ['sig-1', 'sig-2'] };
  const good = mac('{"a":1}');
  const bad = '0'.repeat(64);
  expect(verify(settings, { 'sig-2': good })).toEqual(ok);
  expect(verify(settings, { 'sig-1': bad, 'sig-2': good })).toEqual(ok);
  expect(verify(settings, { 'sig-1': bad, 'sig-2': bad })).toMatchObject(invalid);
  expect(verify(settings, { 'sig-1': 'x', 'sig-2': good })).toMatchObject(invalid);
  expect(verify(settings, {})).toMatchObject({ reason: 'The header Sig-1 or Sig-2 is missing.' });
});

it('refuses to sign with no key', () => {
  const scheme = createScheme({ kind: 'hmac', header: 'sig', key: 'hex' });
  expect(() => scheme.sign({ rawBody: '', secret: 'xyz', nowMs })).toThrow('written as hex');
});
