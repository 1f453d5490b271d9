import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { vectors } from '../test/vectors/index.js';
import { createScheme } from './create-scheme.js';
import { memberOf, parseJson, valueAt } from './parts/json.js';
import type { Locator, ProviderRecord, ProviderSample } from './provider.js';
import { providers } from './providers.js';
import type { WebhookHeaders, WebhookRequest } from './scheme.js';
import { schemeSettings } from './settings/scheme-settings.js';

const nowMs = 1_775_390_460_000;
const url = 'https://hooks.example.com/webhooks/source?tenant=7';
const records = [...providers.values()];

const pem = (kind: 'ed25519' | 'ec') => {
  const { publicKey, privateKey } =
    kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return {
    verify: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
};
const pairs = { ed25519: pem('ed25519'), ecdsa: pem('ec') };

/** A secret of the provider's form, as it stands with the sender and with us. */
function secretsOf({ scheme: { kind } }: ProviderRecord): { sign: string; verify: string } {
  if (kind === 'ed25519' || kind === 'ecdsa') return pairs[kind];
  const same = (secret: string) => ({ sign: secret, verify: secret });
  if (kind === 'basic') return same('user:password');
  return same(kind === 'standard-webhooks' ? 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' : 'a-secret');
}

/** The sample as a request that its sender has signed. */
function arrived(record: ProviderRecord, sample: ProviderSample): WebhookRequest {
  const { sign, verify } = secretsOf(record);
  const input = { rawBody: sample.body, secret: sign, nowMs, url, headers: sample.headers };
  const signed = createScheme(record.scheme).sign(input);
  return {
    rawBody: Buffer.from(signed.rawBody),
    headers: { ...sample.headers, ...signed.headers },
    secrets: [{ keyId: 'k', value: verify }],
    nowMs,
    ...(signed.url === undefined ? {} : { url: signed.url }),
  };
}

function located(place: Locator, { headers, rawBody }: WebhookRequest): unknown {
  if ('header' in place) return headers[place.header];
  if ('form' in place) return new URLSearchParams(Buffer.from(rawBody).toString()).get(place.form);
  const body = parseJson(rawBody);
  const [, first = '', rest = ''] = /^\/(0)(\/.*)$/.exec(place.pointer) ?? [];
  return first === '' ? valueAt(body, place.pointer) : valueAt(memberOf(body, first), rest);
}

it('lists the providers people ask for, in the order of their names', () => {
  const names = [...providers.keys()];
  expect(names).toEqual([...names].sort());
  expect(names).toEqual(expect.arrayContaining(['github', 'stripe', 'slack', 'twilio', 'meta', 'clerk']));
  expect(names.length).toBeGreaterThanOrEqual(35);
});

describe.each(records)('$name', (record) => {
  it('is a whole record', () => {
    expect(record.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(record.documentation).toMatch(/^https:\/\//);
    expect(record.secretForm).toMatch(/\S.*[.…]$/);
    expect(record.samples.length).toBeGreaterThan(0);
    expect(schemeSettings.safeParse(record.scheme).success).toBe(true);
  });

  it('is proven by a vector, or says why not', () => {
    const has = vectors.some(({ provider }) => provider === record.name);
    const proven = record.proven.by !== 'nothing';
    // Discord's library only verifies; the tests of the libraries have it check what is signed here.
    expect(has || record.name === 'discord').toBe(proven);
  });

  it.each(record.samples)('signs and verifies the sample $name', (sample) => {
    const request = arrived(record, sample);
    expect(createScheme(record.scheme).verify(request)).toMatchObject({ ok: true, keyId: 'k' });
    for (const place of [record.deliveryId, record.eventType])
      if (place) expect(String(located(place, request))).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,149}$/);
  });

  it('verifies whatever it signs', () => {
    const scheme = createScheme(record.scheme);
    const { sign, verify } = secretsOf(record);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const headers = record.samples[0]?.headers ?? {};
        const signed = scheme.sign({ rawBody: JSON.stringify(content), secret: sign, nowMs, url, headers });
        const verdict = scheme.verify({
          rawBody: Buffer.from(signed.rawBody),
          headers: { ...headers, ...signed.headers },
          secrets: [{ keyId: 'k', value: verify }],
          nowMs,
          url: signed.url ?? url,
        });
        expect(verdict).toMatchObject({ ok: true, keyId: 'k' });
      }),
      { numRuns: 25 },
    );
  });

  it('never throws and accepts nothing, whatever strangers send', () => {
    const scheme = createScheme(record.scheme);
    const [sample] = record.samples;
    const names = sample ? Object.keys(arrived(record, sample).headers) : [];
    const signatures = fc.oneof(
      fc.anything(),
      fc.stringMatching(/^(?:t=\d{10},v1=|ts=\d{10};h1=|sha256=|v0=|v1,|v1a,)?[0-9a-f]{64}$/),
      fc.base64String({ minLength: 44, maxLength: 88 }),
      fc.constantFrom('1775390460', '1775390460000', '2026-04-05T12:01:00Z', 'Basic Og==', 'Bearer '),
    );
    const { verify } = secretsOf(record);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.record(Object.fromEntries(names.map((name) => [name, signatures]))),
        fc.oneof(fc.webUrl(), fc.anything()),
        (rawBody, headers, anyUrl) => {
          const verdict = scheme.verify({
            rawBody,
            headers: headers as WebhookHeaders,
            secrets: [{ keyId: 'k', value: verify }],
            nowMs,
            url: anyUrl as string,
          });
          expect(verdict.ok).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});
