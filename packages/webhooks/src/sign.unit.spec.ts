import { SignalboxError } from '@signalbox/errors';
import * as fc from 'fast-check';
import type { WebhookHeaders } from './scheme.js';
import { xWebhookSignature as scheme } from './schemes/x-webhook-signature.js';
import { sign } from './sign.js';

const nowMs = 1_775_390_460_000;
const anyHeader = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^(sha256=)?[0-9a-fA-F]{60,68}$/),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.constant(undefined),
);
const anySecret = fc.record({
  keyId: fc.string({ minLength: 1 }),
  value: fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 200 })),
});

describe('X-Webhook-Signature', () => {
  it('verifies what it signs, for any body and secret', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string({ minLength: 1 }), (rawBody, secret) => {
        const headers = scheme.sign({ rawBody, secret, nowMs }).headers;
        expect(scheme.verify({ rawBody, headers, secrets: [{ keyId: 'k', value: secret }], nowMs })).toEqual({
          ok: true,
          keyId: 'k',
        });
      }),
    );
  });

  it('never throws and accepts nothing unsigned, whatever comes', () => {
    const names = Object.keys(scheme.sign({ rawBody: '', secret: 's', nowMs }).headers);
    const anyHeaders = fc.record(Object.fromEntries(names.map((name) => [name, anyHeader])));
    fc.assert(
      fc.property(
        fc.uint8Array(),
        anyHeaders,
        fc.array(anySecret, { maxLength: 3 }),
        (rawBody, headers, secrets) => {
          const verdict = scheme.verify({ rawBody, headers, secrets, nowMs });
          expect(verdict.ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not throw for headers no HTTP server would give', () => {
    const names = Object.keys(scheme.sign({ rawBody: '', secret: 's', nowMs }).headers);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const headers = Object.fromEntries(names.map((name) => [name, value])) as WebhookHeaders;
        const secrets = [{ keyId: 'k', value: 'v' }];
        expect(scheme.verify({ rawBody: Buffer.from('{}'), headers, secrets, nowMs }).ok).toBe(false);
      }),
    );
  });

  it('refuses a body changed in one byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (body, at, change) => {
          const headers = scheme.sign({ rawBody: body, secret: 's', nowMs }).headers;
          const changed = Uint8Array.from(body);
          const index = at % changed.length;
          changed[index] = (changed[index] ?? 0) ^ change;
          const verdict = scheme.verify({
            rawBody: changed,
            headers,
            secrets: [{ keyId: 'k', value: 's' }],
            nowMs,
          });
          expect(verdict).toMatchObject({ ok: false, code: 'signature_invalid' });
        },
      ),
    );
  });

  it('has a name and headers in lower case', () => {
    expect(scheme.name).toMatch(/^[a-z0-9-]+$/);
    for (const name of Object.keys(scheme.sign({ rawBody: '', secret: 's', nowMs }).headers)) {
      expect(name).toBe(name.toLowerCase());
    }
  });
});

describe('sign', () => {
  it('signs with X-Webhook-Signature unless told otherwise', () => {
    // Made with: printf '{"a":1}' | openssl dgst -sha256 -hmac topsecret
    expect(sign({ rawBody: '{"a":1}', secret: 'topsecret' })).toEqual({
      'x-webhook-signature': 'sha256=bf1e6501b7fa928ec2391fea9dd90af3c9ad1b7b1ef6ff319c25940cec746bf8',
    });
  });

  it('takes the same bytes as text or as a buffer', () => {
    const text = '{"name":"Zoë"}';
    expect(sign({ rawBody: text, secret: 's' })).toEqual(sign({ rawBody: Buffer.from(text), secret: 's' }));
  });

  it('refuses an empty secret with a clear message', () => {
    const failure = (act: () => unknown): SignalboxError => {
      try {
        act();
      } catch (error) {
        if (error instanceof SignalboxError) return error;
      }
      throw new Error('expected a SignalboxError');
    };
    expect(failure(() => sign({ rawBody: '', secret: '' }))).toMatchObject({ code: 'config_invalid' });
  });
});
