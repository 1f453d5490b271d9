import { createScheme } from '../create-scheme.js';

const nowMs = 1_775_390_460_000;
const scheme = createScheme({ kind: 'mailgun' });
const verify = (body: unknown, away = 0) =>
  scheme.verify({
    rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: {},
    secrets: [{ keyId: 'k', value: 's' }],
    nowMs: nowMs + away,
  });
const signed = JSON.parse(
  String(scheme.sign({ rawBody: '{"event-data":{"event":"opened"}}', secret: 's', nowMs }).rawBody),
) as { signature: { timestamp: string; token: string; signature: string } };

it('puts the signature into the body and finds it there', () => {
  expect(verify(signed)).toEqual({ ok: true, keyId: 'k', signedAtMs: nowMs });
  const { signature } = signed;
  expect(verify({ signature: { ...signature, timestamp: Number(signature.timestamp) } })).toMatchObject({
    ok: true,
  });
});

it('counts for twelve hours, as long as Mailgun tries, and no longer', () => {
  expect(verify(signed, 43_200_000).ok).toBe(true);
  for (const away of [43_200_001, -43_200_001])
    expect(verify(signed, away)).toMatchObject({ code: 'timestamp_out_of_tolerance' });
});

it.each([
  ['another time', { timestamp: '1775390461' }],
  ['another token', { token: 'a'.repeat(50) }],
  [
    'part of the token moved to the time',
    { timestamp: `${signed.signature.timestamp}0`, token: signed.signature.token.slice(1) },
  ],
  ['another signature', { signature: '0'.repeat(64) }],
  ['a signature of another form', { signature: 'abc' }],
  ['a token of another form', { token: 'a b' }],
  ['a token that is no text', { token: 7 }],
  ['no time', { timestamp: undefined }],
  ['a time that is none', { timestamp: '1e9' }],
])('refuses %s', (_, change) => {
  expect(verify({ signature: { ...signed.signature, ...change } })).toMatchObject({
    code: 'signature_invalid',
  });
});

it.each(['', 'no JSON', '[]', '7', 'null', '{}', '{"signature":"x"}', '{"__proto__":{"signature":{}}}'])(
  'finds no signature in %s',
  (body) => {
    expect(verify(body)).toMatchObject({ code: 'signature_missing' });
  },
);

it('signs JSON objects only', () => {
  for (const rawBody of ['[]', 'text', '7'])
    expect(() => scheme.sign({ rawBody, secret: 's', nowMs })).toThrow('JSON object');
});
