import * as fc from 'fast-check';
import { sample } from '../../test/support/sources.js';
import { redactPayload, valuesMax } from './redact-payload.js';
import { redactText, textCharsMax } from './redact-text.js';
import { passesCardCheck, redacted } from './redaction-rules.js';

describe('redactPayload', () => {
  it.each([
    ...[
      'email',
      'E-Mail',
      'customer_email',
      'email_address',
      'name',
      'customer_name',
      'firstName',
      'last-name',
      'phone',
    ],
    ...[
      'Phone Number',
      'mobile',
      'token',
      'access_token',
      'refreshToken',
      'api_key',
      'apiKey',
      'password',
      'passwd',
    ],
    ...[
      'client_secret',
      'Authorization',
      'set-cookie',
      'card_number',
      'cvv',
      'iban',
      'address',
      'private_key',
    ],
  ])('removes the member %s with all it holds', (name) => {
    expect(redactPayload({ [name]: 'x' })).toEqual({ [name]: redacted });
    expect(redactPayload({ a: [{ [name]: { deep: ['x'] } }] })).toEqual({ a: [{ [name]: redacted }] });
  });

  it.each([
    'service_name',
    'event_type',
    'message',
    'alert_id',
    'severity',
    'filename',
    'panel',
    'total',
    'plan',
  ])('keeps the member %s', (name) => {
    expect(redactPayload({ [name]: 'kept' })).toEqual({ [name]: 'kept' });
  });

  it('keeps what says that nothing was there', () => {
    expect(redactPayload({ email: null })).toEqual({ email: null });
  });

  it('shows the samples without people in them', () => {
    expect(redactPayload(sample('negative_sentiment_detected.json'))).toEqual({
      ...sample('negative_sentiment_detected.json'),
      customer_name: redacted,
    });
    expect(redactPayload(sample('service_down.json'))).toEqual(sample('service_down.json'));
    expect(redactPayload(sample('lead.qualified.json'))).toMatchObject({
      data: { lead_id: 'lead-4471', name: redacted, email: redacted },
    });
  });

  it('removes card numbers that are numbers, keeps times and counts', () => {
    const kept = { at_ms: 1_775_390_460_000, count: 4_111, id: 4_111_111_111_111_112, big: 1e21 };
    expect(redactPayload({ card: 4_111_111_111_111_111, ...kept })).toEqual({ card: redacted, ...kept });
  });

  it('bounds lists, texts, names and the whole', () => {
    const list = redactPayload(Array.from({ length: 500 }, (_, index) => index)) as unknown[];
    expect(list).toHaveLength(101);
    expect(list.at(-1)).toBe('[left out]');
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]));
    expect(Object.keys(redactPayload(wide) as object).length).toBeLessThanOrEqual(valuesMax + 1);
    const [name] = Object.keys(redactPayload({ ['n'.repeat(1_000)]: 1 }) as object);
    expect(name).toHaveLength(129);
    expect((redactPayload({ a: 'x'.repeat(50_000) }) as { a: string }).a).toHaveLength(textCharsMax + 1);
  });

  it('never throws, never changes its input, and loses no harmless value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const before = JSON.stringify(value);
        redactPayload(value);
        return JSON.stringify(value) === before;
      }),
    );
  });

  it('does not change a prototype', () => {
    const result = redactPayload(JSON.parse('{"__proto__":{"admin":true},"a":1}'));
    expect(result).toEqual({ a: 1 });
    expect((result as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('redactText', () => {
  it.each([
    ['write to jane.doe+x@mail.example.com now', `write to ${redacted} now`],
    ['call +49 (30) 123-4567 please', `call ${redacted} please`],
    ['card 4111 1111 1111 1111 declined', `card ${redacted} declined`],
    ['card 4111-1111-1111-1111', `card ${redacted}`],
    ['Authorization: Bearer abcdef123456', `Authorization: ${redacted}`],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', `jwt ${redacted}`],
    ['sk_live_abcdefgh12345678', redacted],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', redacted],
    ['xoxb-1234567890-abcdef', redacted],
    ['AKIAIOSFODNN7EXAMPLE', redacted],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----', redacted],
  ])('%j', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it.each([
    'order 4111111111111112 is late',
    '2026-04-05T12:01:00Z',
    'https://monitoring.tool/incident/12345',
    '@here look at #42',
    '1775390460000',
  ])('keeps %j', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each(['@'.repeat(1_000), 'a'.repeat(999) + '@', '+1'.repeat(500), 'eyJ'.repeat(333), '4 '.repeat(500)])(
    'takes no long time for hostile text',
    (text) => {
      const begun = process.cpuUsage();
      for (let round = 0; round < 20; round += 1) redactText(text);
      expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(5_000);
    },
  );
});

describe('passesCardCheck', () => {
  it.each(['4111111111111111', '5500 0055 5555 5559', '3400-000000-00009', '6011000990139424'])(
    '%s',
    (number) => {
      expect(passesCardCheck(number)).toBe(true);
    },
  );

  it.each(['4111111111111112', '411111111111', '41111111111111111111', ''])('not %s', (number) => {
    expect(passesCardCheck(number)).toBe(false);
  });
});
