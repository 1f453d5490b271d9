import { requestOf, type Vector } from '../test/vectors/vector.js';
import { vectors } from '../test/vectors/index.js';
import { createScheme } from './create-scheme.js';
import { providers } from './providers.js';
import type { Scheme, WebhookRequest } from './scheme.js';

const schemeOf = ({ provider }: Vector): Scheme => {
  const record = providers.get(provider);
  if (!record) throw new Error(`no record for ${provider}`);
  return createScheme(record.scheme);
};

/** The text with one bit of each character changed, all of them in turn. */
function* flipped(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1)
    for (let bit = 0; bit < 7; bit += 1) {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      yield `${text.slice(0, at)}${changed}${text.slice(at + 1)}`;
    }
}

/** Only the digits of a hexadecimal signature, and the word Basic, may be of either case. */
function meansTheSame(original: string, changed: string): boolean {
  const [digits = ''] = /[0-9a-f]{40,}$/.exec(original) ?? [];
  const [word = ''] = /^Basic(?= )/.exec(original) ?? [];
  const rest = (text: string): string => text.slice(word.length, text.length - digits.length);
  return original.toLowerCase() === changed.toLowerCase() && rest(original) === rest(changed);
}

/** What is signed of a body and an address: Twilio signs a form's decoded parameters, and any port or none. */
const signedPart = ({ provider, name }: Vector, { rawBody, url = '' }: WebhookRequest): string => {
  const body = Buffer.from(rawBody).toString();
  if (provider !== 'twilio' || name === 'JSON') return `${url} ${body}`;
  const parameters = [...new URLSearchParams(body)].map(([key, value]) => `${key}${value}`);
  return `${url.replace(/^(https:.*):\d+(?=\/)/, '$1')} ${parameters.join('')}`;
};

const accepted = (scheme: Scheme, request: WebhookRequest): boolean => scheme.verify(request).ok;

describe.each(vectors)('$provider: $name', (vector) => {
  const scheme = schemeOf(vector);
  const request = requestOf(vector);

  it('is accepted and names the key', () => {
    expect(scheme.verify(request)).toMatchObject({ ok: true, keyId: 'theirs' });
  });

  it('is refused with another secret, and accepted when the right one is among several', () => {
    const [right] = request.secrets;
    const other = { keyId: 'other', value: `${vector.secret.slice(0, -2)}zz` };
    expect(scheme.verify({ ...request, secrets: [other] })).toMatchObject({ code: 'signature_invalid' });
    expect(scheme.verify({ ...request, secrets: [] })).toMatchObject({ code: 'signature_invalid' });
    const several = right ? [other, right] : [];
    expect(scheme.verify({ ...request, secrets: several })).toMatchObject({ ok: true, keyId: 'theirs' });
  });

  it('is refused when any bit of the signature is another', () => {
    if (vector.several) return;
    const wrong: string[] = [];
    for (const name of vector.signature)
      for (const value of flipped(vector.headers[name] ?? '')) {
        const same = meansTheSame(vector.headers[name] ?? '', value);
        const headers = { ...vector.headers, [name]: value };
        if (accepted(scheme, { ...request, headers }) !== same) wrong.push(value);
      }
    expect(wrong).toEqual([]);
  });

  it('is refused when any bit of the body or of a signed address is another', () => {
    if (vector.covers === 'sender') return;
    const bodies = [...flipped(vector.body)].map((body) => ({ ...request, rawBody: Buffer.from(body) }));
    const addresses = [...flipped(vector.url ?? '')].map((url) => ({ ...request, url }));
    const wrong = [...bodies, ...addresses].filter(
      (changed) =>
        accepted(scheme, changed) !== (signedPart(vector, changed) === signedPart(vector, request)),
    );
    expect(wrong).toEqual([]);
  });

  it('is refused without each of its headers, and with one of them twice', () => {
    for (const name of vector.signature) {
      expect(scheme.verify({ ...request, headers: { ...vector.headers, [name]: undefined } })).toMatchObject({
        code: 'signature_missing',
      });
      const value = vector.headers[name] ?? '';
      for (const twice of [[value, value], `${value}, ${value}`])
        expect(scheme.verify({ ...request, headers: { ...vector.headers, [name]: twice } })).toMatchObject({
          code: 'signature_invalid',
        });
    }
  });

  it('counts only near its signed time, before and after', () => {
    const settings = providers.get(vector.provider)?.scheme;
    const verdictAfter = (seconds: number) =>
      scheme.verify({ ...request, nowMs: vector.nowMs + seconds * 1_000 });
    const toleranceSeconds = settings?.kind === 'mailgun' ? 43_200 : 300;
    const timed = scheme.verify(request);
    const signsTime = timed.ok && timed.signedAtMs !== undefined;
    expect(signsTime).toBe(vector.nowMs > 0);
    for (const side of [-1, 1]) {
      expect(verdictAfter(side * toleranceSeconds).ok).toBe(true);
      if (signsTime)
        expect(verdictAfter(side * (toleranceSeconds + 0.001))).toMatchObject({
          code: 'timestamp_out_of_tolerance',
        });
    }
  });
});
