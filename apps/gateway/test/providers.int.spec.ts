import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { applyTopics, type KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import { sourceTopics, type Source } from '@signalbox/sources';
import { createScheme, providers, type ProviderRecord } from '@signalbox/webhooks';
import type { RunningGateway } from '../src/start-gateway.js';
import { SourceFiles } from './support/source-files.js';
import { startTestGateway, testKafka } from './support/test-gateway.js';

const files = new SourceFiles();
/** In the form every scheme with a shared secret takes. */
const secretOf = ({ scheme }: ProviderRecord): string =>
  scheme.kind === 'standard-webhooks'
    ? `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
    : scheme.kind === 'basic'
      ? 'user:password'
      : 'c2VjcmV0LW9mLXRoZS1zZW5kZXItMzItYnl0ZXM=';
/** Those whose samples can be signed here: not with a private key only the provider has. */
const signable = [...providers.values()].filter(({ scheme }) => !['ed25519', 'ecdsa'].includes(scheme.kind));

let gateway: RunningGateway;
let kafka: KafkaConnectionOptions;

beforeAll(async () => {
  kafka = await testKafka();
  const named: Pick<Source, 'name' | 'form'>[] = signable.map(({ name }) => ({ name, form: 'provider' }));
  await applyTopics(kafka, sourceTopics(named), { partitions: 1, replication: 1 });
  for (const provider of signable) {
    const { name } = provider;
    if (!['asana', 'notion'].includes(name)) files.secret(name, secretOf(provider));
    files.record(
      name,
      `provider: ${name}`,
      ...(['asana', 'notion'].includes(name) ? [] : [`secrets: [{ file: ${name} }]`]),
      ...(name === 'meta' ? ['verifyTokens: [{ file: meta-token }]'] : []),
    );
  }
  files.secret('meta-token', 'what-we-told-meta');
  gateway = await startTestGateway(kafka, {
    env: { ...files.env, GATEWAY_PUBLIC_URL: 'https://hooks.example.com' },
  });
}, 900_000);

afterAll(async () => {
  await gateway?.stop();
  files.dispose();
});

/** Signs for the public address and posts to the gateway, as a proxy passes it on. */
async function send(name: string, body: string, more: Record<string, string> = {}, secret?: string) {
  const provider = providers.get(name)!;
  const signed = createScheme(provider.scheme).sign({
    rawBody: Buffer.from(body),
    secret: secret ?? secretOf(provider),
    nowMs: Date.now(),
    method: 'POST',
    url: `https://hooks.example.com/webhooks/${name}`,
    headers: more,
  });
  const { pathname, search } = new URL(signed.url ?? `https://x/webhooks/${name}`);
  const response = await fetch(`${gateway.url}${pathname}${search}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...more, ...signed.headers },
    body: Buffer.from(signed.rawBody as string),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const withSecret = signable.filter(({ name }) => !['asana', 'notion'].includes(name));

it.each(withSecret.map(({ name }) => name))(
  'takes the signed sample of %s, and not with another secret',
  async (name) => {
    const { samples, scheme } = providers.get(name)!;
    for (const { body, headers } of samples) {
      const answer = await send(name, body, headers);
      expect(`${answer.status} ${answer.text}`).toContain('202 {"status":"accepted"');
      const other =
        scheme.kind === 'standard-webhooks'
          ? `whsec_${Buffer.from('another-secret-of-24byte').toString('base64')}`
          : scheme.kind === 'basic'
            ? 'user:other'
            : 'b3RoZXItc2VjcmV0LW9mLXRoZS1zZW5kZXItMzItYg==';
      expect((await send(name, body, headers, other)).status).toBe(403);
    }
  },
);

describe('checks of the address', () => {
  it('are answered when they are signed: Slack', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc123', token: 'x' });
    expect(await send('slack', body)).toMatchObject({
      status: 200,
      text: expect.stringContaining('abc123') as string,
    });
    expect((await send('slack', body, {}, 'another-secret')).status).toBe(403);
  });

  it('are answered by GET where they come so: Meta with our token only', async () => {
    const ask = (token: string) =>
      fetch(
        `${gateway.url}/webhooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`,
      );
    const right = await ask('what-we-told-meta');
    expect([right.status, await right.text()]).toEqual([200, '1158201444']);
    expect((await ask('guessed')).status).toBe(405);
    expect((await fetch(`${gateway.url}/webhooks/github`)).status).toBe(405);
  });

  it('are answered by OPTIONS: CloudEvents', async () => {
    const response = await fetch(`${gateway.url}/webhooks/cloudevents`, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'events.example.com', 'webhook-request-rate': '100' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('webhook-allowed-origin')).toBe('events.example.com');
  });

  it('may hand over a secret, which waits for a person: the first, for its owner alone, never another', async () => {
    const hand = (secret: string) =>
      fetch(`${gateway.url}/webhooks/asana`, {
        method: 'POST',
        headers: { 'x-hook-secret': secret, 'content-type': 'application/json' },
        body: '{}',
      });
    const first = await hand('handed-by-asana');
    expect([first.status, first.headers.get('x-hook-secret')]).toEqual([200, 'handed-by-asana']);
    expect((await hand('handed-by-somebody')).status).toBe(200);
    const path = join(files.secretsDir, 'asana.handed');
    expect(readFileSync(path, 'utf8')).toBe('handed-by-asana\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await send('asana', '{"events":[]}', {}, 'handed-by-asana')).status).toBe(403);
  });
});
