import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { answerChallenge } from './answer-challenge.js';
import { challengeKinds, type ChallengeKind, type ChallengeRequest } from './challenge.js';
import { createScheme } from './create-scheme.js';
import { providers } from './providers.js';
import type { Scheme } from './scheme.js';
import { xWebhookSignature } from './schemes/x-webhook-signature.js';

const nowMs = 1_775_390_460_000;
const origin = 'https://hooks.example.com/webhooks/source';
const secrets = [{ keyId: 'k', value: 'the-secret' }];
const request = (parts: Partial<ChallengeRequest>): ChallengeRequest => ({
  method: 'POST',
  url: origin,
  rawBody: Buffer.alloc(0),
  headers: {},
  secrets,
  nowMs,
  ...parts,
});
const get = (query: string): ChallengeRequest => request({ method: 'GET', url: `${origin}?${query}` });
const ask = (kind: ChallengeKind, parts: ChallengeRequest, scheme: Scheme = xWebhookSignature) =>
  answerChallenge(kind, scheme, parts);
const text = (body: string) => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});

/** A request signed as the provider of that name signs. */
function signed(provider: string, body: unknown, secret = 'the-secret'): [ChallengeRequest, Scheme] {
  const scheme = createScheme(providers.get(provider)?.scheme ?? { kind: 'basic' });
  const rawBody = Buffer.from(JSON.stringify(body));
  const { headers } = scheme.sign({ rawBody, secret, nowMs });
  return [request({ rawBody, headers }), scheme];
}

describe('slack', () => {
  const body = { token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl', challenge: '3eZbrw1aB…', type: 'url_verification' };
  it('gives the challenge back when it is signed', () => {
    expect(ask('slack', ...signed('slack', body))).toMatchObject({
      status: 200,
      body: '{"challenge":"3eZbrw1aB…"}',
    });
  });
  it('answers nothing that is not signed, or no challenge, or too long', () => {
    expect(ask('slack', ...signed('slack', body, 'another'))).toBeUndefined();
    expect(ask('slack', ...signed('slack', { ...body, type: 'event_callback' }))).toBeUndefined();
    expect(ask('slack', ...signed('slack', { ...body, challenge: 1 }))).toBeUndefined();
    expect(ask('slack', ...signed('slack', { ...body, more: 'x'.repeat(9_000) }))).toBeUndefined();
  });
});

describe('zoom', () => {
  const body = (plainToken: unknown) => ({ payload: { plainToken }, event: 'endpoint.url_validation' });
  it('answers as the official library does', () => {
    // Made by @zoom/rivet 0.4.0: AwsLambdaReceiver with webhooksSecretToken "zoom-secret-token".
    const [asked, scheme] = signed('zoom', body('qgg8vlvZRS6UYooatFL8Aw'), 'zoom-secret-token');
    const known = { ...asked, secrets: [{ keyId: 'k', value: 'zoom-secret-token' }] };
    expect(JSON.parse(ask('zoom', known, scheme)?.body ?? '')).toEqual({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: 'd9e0d764a78494688ba3f2d5c0ed4ca311394b4834d959759213424d2df961e3',
    });
  });
  it('signs nothing for strangers, and no token that is the text of a webhook', () => {
    const [asked, scheme] = signed('zoom', body('abc'), 'another');
    expect(ask('zoom', asked, scheme)).toBeUndefined();
    expect(ask('zoom', ...signed('zoom', body(`v0:${nowMs / 1_000}:{"event":"x"}`)))).toBeUndefined();
    expect(ask('zoom', ...signed('zoom', body(7)))).toBeUndefined();
  });
});

describe('discord', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const value = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const ping = (body: unknown) => {
    const [asked, scheme] = signed('discord', body, pem);
    return ask('discord', { ...asked, secrets: [{ keyId: 'k', value }] }, scheme);
  };
  it('answers the pings of interactions and of webhook events', () => {
    expect(ping({ id: '1', type: 1, version: 1 })).toMatchObject({ status: 200, body: '{"type":1}' });
    expect(ping({ version: 1, application_id: '1', type: 0 })).toEqual({
      status: 204,
      headers: {},
      body: '',
    });
  });
  it('leaves events alone and refuses a ping with a wrong signature', () => {
    expect(ping({ version: 1, type: 1, event: { type: 'ENTITLEMENT_CREATE' } })).toBeUndefined();
    const [asked, scheme] = signed('discord', { type: 1 }, pem);
    expect(ask('discord', { ...asked, rawBody: Buffer.from('{"type":1 }') }, scheme)).toBeUndefined();
  });
});

describe('meta', () => {
  const verifyTokens = [{ keyId: 'token', value: 'my own text' }];
  const query = (token: string, more = '') =>
    `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(token)}${more}`;
  it('gives the challenge back to whoever knows the verify token', () => {
    expect(ask('meta', { ...get(query('my own text')), verifyTokens })).toEqual(text('1158201444'));
  });
  it.each([
    ['another token', query('another')],
    ['the signing secret', query('the-secret')],
    ['two tokens', query('my own text', '&hub.verify_token=x')],
    ['another mode', query('my own text').replace('subscribe', 'unsubscribe')],
    ['markup for a challenge', query('my own text').replace('1158201444', '%3Cscript%3E')],
  ])('does not answer %s', (_, asked) => {
    expect(ask('meta', { ...get(asked), verifyTokens })).toBeUndefined();
    expect(ask('meta', get(query('my own text')))).toBeUndefined();
  });
});

describe('microsoft', () => {
  it('gives the token back, decoded, as text', () => {
    const asked = request({ url: `${origin}?validationToken=Validation%3A%20Testing%20client` });
    expect(ask('microsoft', asked)).toEqual(text('Validation: Testing client'));
    expect(ask('microsoft', get('validationToken=abc'))).toEqual(text('abc'));
  });
  it('does not answer without one token of a sensible length', () => {
    for (const query of ['', 'validationToken=', 'validationToken=a&validationToken=b'])
      expect(ask('microsoft', get(query))).toBeUndefined();
    expect(ask('microsoft', get(`validationToken=${'a'.repeat(2_049)}`))).toBeUndefined();
  });
});

describe('x', () => {
  it('answers with the HMAC of the token', () => {
    // Made with: printf 'Zm9v+w==' | openssl dgst -sha256 -hmac the-secret -binary | base64
    expect(ask('x', get('crc_token=Zm9v+w==&nonce=1'))?.body).toBe(
      '{"response_token":"sha256=Oxh2M6DP2LTx3YqllxlRa2TPiuGrmCe/mu6ymhoq0WI="}',
    );
  });
  it('signs no text that could be the body of a webhook', () => {
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), (body) => {
        const token = encodeURIComponent(JSON.stringify(body));
        expect(ask('x', get(`crc_token=${token}`))).toBeUndefined();
      }),
    );
  });
});

it('dropbox: gives the challenge back', () => {
  expect(ask('dropbox', get('challenge=abc123_-'))).toEqual(text('abc123_-'));
  expect(ask('dropbox', get('challenge=%3Cb%3E'))).toBeUndefined();
  expect(ask('dropbox', request({ url: `${origin}?challenge=abc` }))).toBeUndefined();
});

it('asana: gives the secret back and hands it over', () => {
  const headers = { 'x-hook-secret': 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81' };
  expect(ask('asana', request({ headers }))).toEqual({
    status: 200,
    headers,
    body: '',
    handedSecret: headers['x-hook-secret'],
  });
  for (const value of ['a b', 'a,b', 'ä', 'a'.repeat(257)])
    expect(ask('asana', request({ headers: { 'x-hook-secret': value } }))).toBeUndefined();
});

it('notion: hands the verification token over, and leaves events alone', () => {
  const asked = (body: unknown) => request({ rawBody: Buffer.from(JSON.stringify(body)) });
  const token = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl';
  expect(ask('notion', asked({ verification_token: token }))).toEqual({
    status: 200,
    headers: {},
    body: '',
    handedSecret: token,
  });
  expect(ask('notion', asked({ verification_token: token, type: 'page.created' }))).toBeUndefined();
  expect(ask('notion', asked({ verification_token: 5 }))).toBeUndefined();
});

describe('cloudevents', () => {
  const asked = (headers: Record<string, string>) => request({ method: 'OPTIONS', headers });
  it('permits the asking origin at the rate it asked for', () => {
    const headers = { 'webhook-request-origin': 'eventemitter.example.com', 'webhook-request-rate': '120' };
    expect(ask('cloudevents', asked(headers))).toEqual({
      status: 200,
      headers: {
        allow: 'POST, OPTIONS',
        'webhook-allowed-origin': 'eventemitter.example.com',
        'webhook-allowed-rate': '120',
      },
      body: '',
    });
  });
  it('allows any rate when none, or nonsense, was asked for; no origin that is no name', () => {
    const rateOf = (rate: string) =>
      ask('cloudevents', asked({ 'webhook-request-origin': 'a.example', 'webhook-request-rate': rate }))
        ?.headers['webhook-allowed-rate'];
    expect(['', '0', '-1', '1e9', '7'].map(rateOf)).toEqual(['*', '*', '*', '*', '7']);
    for (const bad of ['', '*', 'a b', 'a\r\nb', '-a'])
      expect(ask('cloudevents', asked({ 'webhook-request-origin': bad }))).toBeUndefined();
    expect(
      ask('cloudevents', request({ headers: { 'webhook-request-origin': 'a.example' } })),
    ).toBeUndefined();
  });
});

it.each(challengeKinds)('%s: answers no usual webhook, and never throws', (kind) => {
  const [usual, scheme] = signed('github', { action: 'opened', type: 'event' });
  expect(ask(kind, usual, scheme)).toBeUndefined();
  const anything = fc.anything() as fc.Arbitrary<never>;
  const names = ['x-hook-secret', 'webhook-request-origin', 'webhook-request-rate'];
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'OPTIONS', 'PUT'),
      fc.oneof(fc.webUrl({ withQueryParameters: true }), anything),
      fc.oneof(
        fc.json().map((json) => Buffer.from(json)),
        fc.uint8Array(),
      ),
      fc.record(Object.fromEntries(names.map((name) => [name, anything]))),
      (method, url, rawBody, headers) => {
        const answer = ask(kind, request({ method, url, rawBody, headers }));
        expect([undefined, 200, 204]).toContain(answer?.status);
      },
    ),
    { numRuns: 30 },
  );
});
