import { type z } from 'zod';
import {
  emailAddress,
  entityId,
  hasCharsMax,
  httpUrl,
  isRfc3339,
  rfc3339Ms,
  severity,
  text,
  timestamp,
} from './fields.js';

const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

describe('timestamp', () => {
  it.each([
    '2026-04-05T12:01:00Z',
    '2026-04-05t12:01:00z',
    '2026-04-05T12:01:00.1Z',
    '2026-04-05T12:01:00.123456789Z',
    '2026-04-05T12:01:00+05:30',
    '2026-04-05T12:01:00-00:00',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2017-01-01T05:29:60+05:30',
    '2016-12-31T15:59:60-08:00',
    '0000-02-29T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('takes %s', (value) => {
    expect(isRfc3339(value)).toBe(true);
    expect(takes(timestamp, value)).toBe(true);
  });

  it.each([
    '',
    '2026-04-05',
    '2026-04-05T12:01Z',
    '2026-04-05T12:01:00',
    '2026-04-05 12:01:00Z',
    '2026-4-5T12:01:00Z',
    '2026-04-05T24:00:00Z',
    '2026-04-05T12:60:00Z',
    '2026-04-05T12:01:60Z',
    '2026-04-05T12:01:61Z',
    '2026-04-05T12:01:00.Z',
    '2026-04-05T12:01:00.1234567890Z',
    '2026-04-05T12:01:00+0530',
    '2026-04-05T12:01:00+24:00',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-04-00T00:00:00Z',
    ' 2026-04-05T12:01:00Z',
    '2026-04-05T12:01:00Z\n',
    '+002026-04-05T12:01:00Z',
    '٢٠٢٦-04-05T12:01:00Z',
    1_775_390_460_000,
    new Date(0),
  ])('refuses %p', (value) => {
    expect(takes(timestamp, value)).toBe(false);
  });

  it('is turned into milliseconds with its offset', () => {
    expect(rfc3339Ms('2026-04-05T12:01:00.123456789Z')).toBe(Date.UTC(2026, 3, 5, 12, 1, 0, 123));
    expect(rfc3339Ms('2026-04-05t12:01:00+05:30')).toBe(Date.UTC(2026, 3, 5, 6, 31));
  });

  it('is what Date reads, in the form nearly all have', () => {
    for (let ms = -62_167_219_200_000; ms < 253_402_300_800_000; ms += 86_399_999_987) {
      const text = new Date(ms).toISOString();
      expect([text, rfc3339Ms(text)]).toEqual([text, ms]);
      expect(rfc3339Ms(text.replace(/\.\d+/, ''))).toBe(Math.floor(ms / 1_000) * 1_000);
    }
  });

  it('counts a leap second as the second before it', () => {
    expect(rfc3339Ms('2016-12-31T23:59:60Z')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59));
    expect(rfc3339Ms('2016-12-31T23:59:60.5Z')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59, 500));
  });
});

describe('lengths', () => {
  it('count characters, not UTF-16 units', () => {
    expect(hasCharsMax('😀😀', 2)).toBe(true);
    expect(hasCharsMax('😀😀😀', 2)).toBe(false);
    expect(takes(text(2), '😀😀')).toBe(true);
    expect(takes(text(2), 'abc')).toBe(false);
    expect(takes(text(2), '')).toBe(false);
  });
});

describe('entityId', () => {
  it.each(['a', 'ALERT-SVC-001', 'ops-alert:4f6c…', 'x'.repeat(255), 'a b'])('takes %p', (value) => {
    expect(takes(entityId, value)).toBe(true);
  });
  it.each(['', 'x'.repeat(256), 'a\nb', 'a\u0000', '\u007f', 7, null])('refuses %p', (value) => {
    expect(takes(entityId, value)).toBe(false);
  });
});

describe('httpUrl', () => {
  it.each([
    'https://a.example/x?y#z',
    'http://127.0.0.1:3000',
    'HTTPS://A.example',
    'http://[::1]/',
    'https://a.example/ü',
  ])('takes %p', (value) => expect(takes(httpUrl, value)).toBe(true));
  it.each([
    'ftp://a',
    'javascript:alert(1)',
    'http:a',
    'http://',
    '//a',
    'a',
    ' http://a',
    'http://a b',
    'http://a:99999',
    '',
  ])('refuses %p', (value) => expect(takes(httpUrl, value)).toBe(false));
  it('refuses more than 2,048 characters', () => {
    expect(takes(httpUrl, `http://a/${'x'.repeat(2_039)}`)).toBe(true);
    expect(takes(httpUrl, `http://a/${'x'.repeat(2_040)}`)).toBe(false);
  });
});

describe('emailAddress', () => {
  it.each(['jane.doe@example.com', "o'brien+news@mail.example.co", 'a@b.de', 'x_1@1-2.io'])(
    'takes %p',
    (value) => expect(takes(emailAddress, value)).toBe(true),
  );
  it.each([
    'jane',
    'jane@',
    '@b.de',
    'a@b',
    'a b@c.de',
    'a@b..de',
    '.a@b.de',
    'a@b.de\r\nBcc: x@y.z',
    'a@-b.de',
    `a@${'b'.repeat(252)}.de`,
  ])('refuses %p', (value) => expect(takes(emailAddress, value)).toBe(false));
  it('answers at once for long nonsense', () => {
    const started = process.cpuUsage();
    expect(takes(emailAddress, `${'a.'.repeat(500_000)}@`)).toBe(false);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(5_000);
  });
});

describe('severity', () => {
  it('is one of five words, exactly', () => {
    expect(['critical', 'high', 'medium', 'low', 'info'].every((word) => takes(severity, word))).toBe(true);
    expect(['Critical', 'warning', '', 1].some((word) => takes(severity, word))).toBe(false);
  });
});
