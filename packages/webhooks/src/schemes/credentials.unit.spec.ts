import { createScheme } from '../create-scheme.js';
import type { Scheme, WebhookHeaders } from '../scheme.js';

const verify = (scheme: Scheme, headers: WebhookHeaders, value: string, url?: string) =>
  scheme.verify({
    rawBody: Buffer.from('{}'),
    headers,
    secrets: [{ keyId: 'k', value }],
    nowMs: 0,
    ...(url === undefined ? {} : { url }),
  });
const ok = { ok: true, keyId: 'k' };
const b64 = (text: string): string => Buffer.from(text).toString('base64');

describe('basic', () => {
  const scheme = createScheme({ kind: 'basic' });
  it('compares user and password', () => {
    expect(verify(scheme, { authorization: `Basic ${b64('u:p:q')}` }, 'u:p:q')).toEqual(ok);
    expect(verify(scheme, { authorization: `BASIC ${b64('u:')}` }, 'u:')).toEqual(ok);
    expect(verify(scheme, { authorization: `Basic ${b64('u:pp')}` }, 'u:p')).toMatchObject({ ok: false });
  });
  it.each([
    ['nothing', '', 'signature_missing'],
    ['another way to authenticate', `Bearer ${b64('u:p')}`, 'signature_invalid'],
    ['no base64', 'Basic u:p', 'signature_invalid'],
    ['two headers in one', `Basic ${b64('u:p')}, Basic ${b64('u:p')}`, 'signature_invalid'],
    ['something after it', `Basic ${b64('u:p')} x`, 'signature_invalid'],
  ])('refuses %s', (_, authorization, code) => {
    expect(verify(scheme, { authorization }, 'u:p')).toMatchObject({ code });
  });
  it('signs and takes only secrets with a colon', () => {
    expect(scheme.sign({ rawBody: '', secret: 'u:p', nowMs: 0, url: 'https://a.example' })).toEqual({
      headers: { authorization: 'Basic dTpw' },
      rawBody: '',
      url: 'https://a.example',
    });
    expect(() => scheme.sign({ rawBody: '', secret: 'up', nowMs: 0 })).toThrow('user:password');
    expect(scheme.secretProblem('up')).toContain('user:password');
    expect(scheme.secretProblem(Buffer.from('u:p'))).toBeUndefined();
  });
});

describe('token', () => {
  const header = createScheme({ kind: 'token', header: 'X-Token', prefix: 'Bearer ' });
  const query = createScheme({ kind: 'token', query: 'token' });
  const both = createScheme({ kind: 'token', header: 'x-token', query: 'token' });

  it('in a header', () => {
    expect(verify(header, { 'x-token': 'Bearer a,b c' }, 'a,b c')).toEqual(ok);
    expect(verify(header, { 'x-token': 'a' }, 'a')).toMatchObject({ code: 'signature_invalid' });
    expect(verify(header, { 'x-token': ['Bearer a', 'Bearer a'] }, 'a')).toMatchObject({
      code: 'signature_invalid',
    });
    expect(verify(header, {}, 'a', 'https://a.example/?token=a')).toEqual({
      ok: false,
      code: 'signature_missing',
      reason: 'The token is missing: it belongs into the header X-Token.',
    });
  });

  it('in the address, decoded, once', () => {
    expect(verify(query, {}, 'a b', 'https://a.example/?x=1&token=a%20b')).toEqual(ok);
    expect(verify(query, {}, 'a', 'https://a.example/?token=a&token=a')).toMatchObject({
      code: 'signature_invalid',
    });
    expect(verify(query, {}, 'a', 'https://a.example/?Token=a')).toMatchObject({ code: 'signature_missing' });
    for (const url of ['/?token=a', 'no address', undefined])
      expect(verify(query, {}, 'a', url)).toMatchObject({ code: 'signature_missing' });
  });

  it('in the header first, where both are allowed', () => {
    const url = 'https://a.example/?token=a';
    expect(verify(both, {}, 'a', url)).toEqual(ok);
    expect(verify(both, { 'x-token': 'b' }, 'a', url)).toMatchObject({ code: 'signature_invalid' });
  });

  it('is put by a sender where it belongs', () => {
    const input = { rawBody: '', secret: Buffer.from('a&b'), nowMs: 0 };
    expect(both.sign(input)).toEqual({ headers: { 'x-token': 'a&b' }, rawBody: '' });
    expect(query.sign({ ...input, url: 'https://a.example/?token=old' }).url).toBe(
      'https://a.example/?token=a%26b',
    );
    expect(() => query.sign(input)).toThrow('the address is needed');
    expect(query.secretProblem('')).toBe('The secret is empty.');
    expect(query.secretProblem('a')).toBeUndefined();
  });
});
