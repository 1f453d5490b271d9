import type { Verdict, WebhookHeaders } from '../scheme.js';
import type { WebhookSecret } from '../secrets.js';
import { rfc4231 } from '../../test/rfc4231.js';
import { xWebhookSignature } from './x-webhook-signature.js';

const body = Buffer.from('{"alert_id":"ALERT-SVC-001"}');
const current: WebhookSecret = { keyId: 'current', value: 'secret-of-today' };
const previous: WebhookSecret = { keyId: 'previous', value: 'secret-of-yesterday' };

const signatureBy = (secret: WebhookSecret, rawBody: Uint8Array = body): string =>
  xWebhookSignature.sign({ rawBody, secret: secret.value, nowMs: 0 }).headers['x-webhook-signature'] ?? '';

const verify = (
  signature: WebhookHeaders[string],
  secrets: readonly WebhookSecret[] = [current, previous],
  rawBody: Uint8Array = body,
): Verdict =>
  xWebhookSignature.verify({ rawBody, headers: { 'x-webhook-signature': signature }, secrets, nowMs: 1_000 });

const code = (verdict: Verdict): string => (verdict.ok ? 'accepted' : verdict.code);

describe('X-Webhook-Signature: RFC 4231', () => {
  it.each(rfc4231)('verifies test case $name, with and without the prefix', ({ key, data, hex }) => {
    const secrets = [{ keyId: 'rfc', value: key }];
    expect(verify(hex, secrets, data)).toEqual({ ok: true, keyId: 'rfc' });
    expect(verify(`sha256=${hex}`, secrets, data)).toEqual({ ok: true, keyId: 'rfc' });
  });

  it.each(rfc4231)('signs test case $name', ({ key, data, hex }) => {
    expect(xWebhookSignature.sign({ rawBody: data, secret: key, nowMs: 0 }).headers).toEqual({
      'x-webhook-signature': `sha256=${hex}`,
    });
  });
});

describe('X-Webhook-Signature: accepts', () => {
  it('upper-case digits', () => {
    const hex = signatureBy(current).slice('sha256='.length).toUpperCase();
    expect(verify(hex)).toEqual({ ok: true, keyId: 'current' });
    expect(verify(`sha256=${hex}`)).toEqual({ ok: true, keyId: 'current' });
  });

  it('a header given as a list of one', () => {
    expect(verify([signatureBy(current)])).toEqual({ ok: true, keyId: 'current' });
  });

  it('any active secret, and says which', () => {
    expect(verify(signatureBy(previous))).toEqual({ ok: true, keyId: 'previous' });
    expect(verify(signatureBy(current))).toEqual({ ok: true, keyId: 'current' });
  });

  it('names the first when two secrets have the same value', () => {
    expect(verify(signatureBy(current), [current, { ...current, keyId: 'copy' }])).toEqual({
      ok: true,
      keyId: 'current',
    });
  });

  it('an empty body that is signed', () => {
    const empty = new Uint8Array(0);
    expect(verify(signatureBy(current, empty), [current], empty)).toEqual({ ok: true, keyId: 'current' });
  });
});

describe('X-Webhook-Signature: refuses', () => {
  it('a request without the header, an empty one and an empty list', () => {
    expect(code(verify(undefined))).toBe('signature_missing');
    expect(code(verify(''))).toBe('signature_missing');
    expect(code(verify([]))).toBe('signature_missing');
  });

  it.each([
    ['63 digits', 'a'.repeat(63)],
    ['65 digits', 'a'.repeat(65)],
    ['a letter beyond f', 'g'.repeat(64)],
    ['base64', Buffer.alloc(32, 7).toString('base64')],
    ['another prefix', `sha1=${'a'.repeat(64)}`],
    ['an upper-case prefix', `SHA256=${'a'.repeat(64)}`],
    ['the prefix alone', 'sha256='],
    ['the prefix twice', `sha256=sha256=${'a'.repeat(64)}`],
    ['a blank before', ` ${'a'.repeat(64)}`],
    ['a line break after', `${'a'.repeat(64)}\n`],
    ['full-width digits', '０'.repeat(64)],
  ])('%s', (_, signature) => {
    const verdict = verify(signature);
    expect(verdict).toMatchObject({ ok: false, code: 'signature_invalid' });
    expect(!verdict.ok && verdict.reason).toContain('64 hexadecimal digits');
  });

  it('repeated headers, even when each is right', () => {
    const right = signatureBy(current);
    for (const repeated of [`${right}, ${right}`, [right, right]]) {
      const verdict = verify(repeated);
      expect(verdict).toMatchObject({ ok: false, code: 'signature_invalid' });
      expect(!verdict.ok && verdict.reason).toContain('more than once');
    }
  });

  it('the signature of another body, of another secret, and a body changed by one bit', () => {
    expect(code(verify(signatureBy(current, Buffer.from('{}'))))).toBe('signature_invalid');
    expect(code(verify(signatureBy({ keyId: 'x', value: 'guess' })))).toBe('signature_invalid');
    const changed = Buffer.from(body);
    changed[3] = (changed[3] ?? 0) ^ 1;
    expect(code(verify(signatureBy(current), [current], changed))).toBe('signature_invalid');
  });

  it('everything when no secret is active', () => {
    expect(code(verify(signatureBy(current), []))).toBe('signature_invalid');
    expect(code(verify(signatureBy(current), [{ ...current, activeUntilMs: 1_000 }]))).toBe(
      'signature_invalid',
    );
    expect(code(verify(signatureBy(current), [{ ...current, activeFromMs: 1_001 }]))).toBe(
      'signature_invalid',
    );
  });

  it('never tells a secret or the expected signature', () => {
    const verdict = JSON.stringify(verify('a'.repeat(64)));
    expect(verdict).not.toContain(current.value);
    expect(verdict).not.toContain(signatureBy(current).slice('sha256='.length));
  });
});
