import { generateKeyPairSync } from 'node:crypto';
import { verifyKey } from 'discord-interactions';
import { Webhook } from 'standardwebhooks';
import { createScheme } from './create-scheme.js';
import { providers } from './providers.js';

// The official libraries as the other side: what they sign is accepted here, what is signed here they accept.
const body = '{"type":1,"name":"Zoë"}';
const changed = '{"type":1,"name":"Zoe"}';

describe('standardwebhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const library = new Webhook(secret);
  const scheme = createScheme({ kind: 'standard-webhooks' });
  const now = new Date();
  const secrets = [{ keyId: 'k', value: secret }];

  it('signs what is accepted here', () => {
    const seconds = Math.floor(now.getTime() / 1_000);
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': library.sign('msg_1', now, body),
    };
    const request = { rawBody: Buffer.from(body), headers, secrets, nowMs: now.getTime() };
    expect(scheme.verify(request)).toEqual({ ok: true, keyId: 'k', signedAtMs: seconds * 1_000 });
    expect(scheme.verify({ ...request, rawBody: Buffer.from(changed) })).toMatchObject({ ok: false });
  });

  it('accepts what is signed here', () => {
    const { headers } = scheme.sign({ rawBody: body, secret, nowMs: now.getTime() });
    expect(library.verify(body, { ...headers })).toEqual(JSON.parse(body));
    expect(() => library.verify(changed, { ...headers })).toThrow('No matching signature');
  });
});

describe('discord-interactions', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const hex = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const secret = privateKey.export({ format: 'pem', type: 'pkcs8' });
  const record = providers.get('discord');

  it('accepts what is signed here', async () => {
    const scheme = createScheme(record?.scheme ?? { kind: 'basic' });
    const { headers } = scheme.sign({ rawBody: body, secret, nowMs: 1_775_390_460_000 });
    const { 'x-signature-ed25519': signature = '', 'x-signature-timestamp': time = '' } = headers;
    expect(await verifyKey(body, signature, time, hex)).toBe(true);
    expect(await verifyKey(changed, signature, time, hex)).toBe(false);
    const request = {
      rawBody: Buffer.from(body),
      headers,
      secrets: [{ keyId: 'k', value: hex }],
      nowMs: 1_775_390_460_000,
    };
    expect(scheme.verify(request)).toMatchObject({ ok: true });
  });
});
