import { createScheme } from '../create-scheme.js';

const scheme = createScheme({ kind: 'twilio' });
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const verify = (body: string, headers: Record<string, string>, url?: string) =>
  scheme.verify({
    rawBody: Buffer.from(body),
    headers,
    secrets: [{ keyId: 'k', value: 's' }],
    nowMs: 0,
    ...(url === undefined ? {} : { url }),
  });
const sign = (body: string, url: string, headers = {}) =>
  scheme.sign({ rawBody: body, secret: 's', nowMs: 0, url, headers });
const ok = { ok: true, keyId: 'k' };
const invalid = { ok: false, code: 'signature_invalid' };

it('signs a form in the order of its names, each value once', () => {
  const url = 'https://a.example/sms';
  const { headers } = sign('b=2&a=1&b=1&b=2', url, form);
  expect(verify('a=1&b=1&b=2', headers, url)).toEqual(ok);
  expect(verify('a=1&b=1&b=3', headers, url)).toMatchObject(invalid);
  expect(verify('a=1&b=1&b=2&c=', headers, url)).toMatchObject(invalid);
});

it('takes the address with the usual port or without one', () => {
  const { headers } = sign('a=1', 'https://a.example/sms?x=1', form);
  for (const url of ['https://a.example:443/sms?x=1', 'https://a.example/sms?x=1'])
    expect(verify('a=1', headers, url)).toEqual(ok);
  const { headers: withPort } = sign('a=1', 'https://a.example:443/sms?x=1', form);
  expect(verify('a=1', withPort, 'https://a.example/sms?x=1')).toEqual(ok);
  for (const url of ['http://a.example/sms?x=1', 'https://b.example/sms?x=1', 'https://a.example/sms?x=2'])
    expect(verify('a=1', headers, url)).toMatchObject(invalid);
});

it('signs any other body by its hash in the address', () => {
  const { headers, url = '' } = sign('{"a":1}', 'https://a.example/sms?x=1');
  expect(url).toMatch(/^https:\/\/a\.example\/sms\?x=1&bodySHA256=[0-9a-f]{64}$/);
  expect(verify('{"a":1}', headers, url)).toEqual(ok);
  expect(verify('{"a":2}', headers, url)).toMatchObject(invalid);
  expect(verify('{"a":1}', headers, url.replace(/.$/, 'x'))).toMatchObject(invalid);
  expect(verify('{"a":1}', headers, `${url}&bodySHA256=x`)).toMatchObject(invalid);
  expect(verify('{"a":1}', headers, 'https://a.example/sms?x=1')).toMatchObject(invalid);
});

it('needs the address and the header', () => {
  const { headers } = sign('a=1', 'https://a.example/sms', form);
  expect(verify('a=1', headers)).toMatchObject(invalid);
  expect(verify('a=1', headers, '/sms')).toMatchObject(invalid);
  expect(verify('a=1', {}, 'https://a.example/sms')).toMatchObject({ code: 'signature_missing' });
  expect(() => scheme.sign({ rawBody: '', secret: 's', nowMs: 0 })).toThrow('the address');
});
