import { request as httpsRequest, Agent } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import { sign } from '@signalbox/webhooks';
import type { RunningGateway } from '../src/start-gateway.js';
import { CertificateFiles, newPair, type Pair } from './support/certificate.js';
import { head, raw } from './support/raw-client.js';
import { SourceFiles } from './support/source-files.js';
import { sample, testSecret } from './support/sources.js';
import { eventually, post, startTestGateway, testKafka } from './support/test-gateway.js';
import { TopicWatch, type SeenRecord } from './support/topic-watch.js';

const path = '/agent/ops-alert-webhook';
const body = JSON.stringify(sample('service_down.json'));
let kafka: KafkaConnectionOptions;
let watch: TopicWatch;
const running: RunningGateway[] = [];

beforeAll(async () => {
  kafka = await testKafka();
  // The leaders of topics made a moment ago may not be known yet.
  watch = await eventually(() => TopicWatch.of(kafka, ['webhook.received']).catch(() => undefined), 60_000);
}, 900_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
});

afterAll(async () => {
  await watch?.close();
});

async function start(env: Readonly<Record<string, string>>): Promise<string> {
  const gateway = await startTestGateway(kafka, { env });
  running.push(gateway);
  return gateway.url;
}

const recordOf = async (fits: (data: Record<string, unknown>) => boolean): Promise<SeenRecord> => {
  const [record] = await watch.wait('webhook.received', ({ envelope }) =>
    fits(envelope.data as Record<string, unknown>),
  );
  return record as SeenRecord;
};

describe('TLS of its own', () => {
  let files: CertificateFiles;
  let first: Pair;
  let second: Pair;

  beforeAll(async () => {
    [first, second] = await Promise.all([newPair(), newPair()]);
  });

  beforeEach(() => {
    files = new CertificateFiles();
    files.write(first);
  });

  afterEach(() => files.remove());

  const startTls = (): Promise<string> =>
    start({
      GATEWAY_TLS_CERTIFICATE_PATH: files.certificatePath,
      GATEWAY_TLS_KEY_PATH: files.keyPath,
      GATEWAY_PLAIN_HTTP_FROM: '203.0.113.0/24',
    });

  /** Posts a webhook; gives its status, the certificate of the server, and the connection. */
  function postTls(url: string, agent: Agent): Promise<{ status: number; seen: string; socket: TLSSocket }> {
    const headers = { 'content-type': 'application/json', ...sign({ rawBody: body, secret: testSecret }) };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(`${url}${path}`, { method: 'POST', headers, agent }, (response) => {
        const socket = response.socket as TLSSocket;
        const seen = socket.getPeerCertificate().fingerprint256;
        response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, seen, socket }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  it('takes a new certificate without ending a connection, and keeps the old one while the new is bad', async () => {
    const url = await startTls();
    expect(url).toMatch(/^https:/);
    const kept = new Agent({ keepAlive: true, maxSockets: 1, ca: [first.cert] });
    const fresh = (): Agent => new Agent({ ca: [first.cert, second.cert] });
    const before = await postTls(url, kept);
    expect(before).toMatchObject({ status: 202, seen: first.fingerprint });

    files.write({ cert: second.cert, key: first.key });
    expect(await postTls(url, fresh())).toMatchObject({ status: 202, seen: first.fingerprint });
    files.write(second);
    await eventually(async () => (await postTls(url, fresh())).seen === second.fingerprint);

    const after = await postTls(url, kept);
    expect(after.socket).toBe(before.socket);
    expect(after).toMatchObject({ status: 202, seen: first.fingerprint });
    kept.destroy();
  });

  it('does not talk to plain HTTP', async () => {
    const url = await startTls();
    const answer = await raw(url, head(path, 'content-length: 0'));
    expect(answer.statuses).toEqual([]);
    expect(await postTls(url, new Agent({ ca: [first.cert] }))).toMatchObject({ status: 202 });
  });

  it('does not start with a certificate that cannot be used', async () => {
    files.write({ cert: second.cert, key: first.key });
    await expect(startTls()).rejects.toMatchObject({ code: 'config_invalid' });
  });
});

describe('behind a proxy', () => {
  const proxied = { GATEWAY_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' };
  const via = (forwarded: string, proto: string) => ({
    headers: { 'x-forwarded-for': forwarded, 'x-forwarded-proto': proto },
  });

  it('knows the sender by what the proxy says, and only by that', async () => {
    const url = await start(proxied);
    const answer = await post(
      `${url}${path}`,
      body,
      via('192.0.2.1, ::ffff:203.0.113.77, 10.1.1.1', 'https'),
    );
    expect(answer.status).toBe(202);
    await recordOf(({ address }) => address === '203.0.113.77');
  });

  it.each([
    ['plain HTTP to the proxy', via('203.0.113.7', 'http'), 403, 'https_required'],
    ['a proxy that says nothing', {}, 403, 'https_required'],
    ['addresses that are none', via('203.0.113.7, unknown', 'https'), 400, 'request_malformed'],
  ])('refuses %s', async (_, options, status, code) => {
    const url = await start(proxied);
    const answer = await post(`${url}${path}`, body, options);
    expect(answer.status).toBe(status);
    expect(answer.body['code']).toBe(code);
    const id = String(answer.body['instance']).replace('urn:uuid:', '');
    expect((await recordOf((data) => data['webhook_id'] === id)).envelope.data).toMatchObject({
      verdict: 'refused',
      reason: code,
    });
  });

  it('believes nobody when none is listed', async () => {
    const url = await start({});
    expect((await post(`${url}${path}`, body, via('203.0.113.78', 'https'))).status).toBe(202);
    await recordOf(({ address, headers }) => {
      const forwarded = (headers as Record<string, string>)['x-forwarded-for'];
      return address === '127.0.0.1' && forwarded === '203.0.113.78';
    });
  });
});

describe('plain HTTP', () => {
  it('is refused from elsewhere on every address but those that only show health', async () => {
    const url = await start({ GATEWAY_PLAIN_HTTP_FROM: '203.0.113.0/24' });
    for (const to of [path, '/nowhere', '/control/webhooks/reverify']) {
      const answer = await post(`${url}${to}`, body);
      expect(answer.status).toBe(403);
      expect(answer.body['code']).toBe('https_required');
      expect(answer.headers.get('connection')).toBe('close');
    }
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });
});

describe('a source with networks', () => {
  const files = new SourceFiles();
  afterAll(() => files.dispose());

  it('answers other addresses exactly as if there were nothing, and notes it', async () => {
    files.record('inside', 'networks: ["::ffff:127.0.0.0/104"]', 'form: flat', 'eventTypes: [service_down]');
    files.record('outside', 'networks: [203.0.113.0/24]', 'form: flat', 'eventTypes: [service_down]');
    const url = await start(files.env);
    expect((await post(`${url}/webhooks/inside`, body)).status).toBe(202);
    for (const method of ['POST', 'GET', 'PUT']) {
      const [refused, unknown] = [
        await post(`${url}/webhooks/outside`, body, { method }),
        await post(`${url}/webhooks/nothing`, body, { method }),
      ];
      expect(refused.status).toBe(404);
      expect(refused.body).toEqual(unknown.body);
      const shown = ({ headers }: { headers: Headers }) => [...headers.keys()].sort();
      expect(shown(refused)).toEqual(shown(unknown));
    }
    const record = await recordOf(({ source }) => source === 'outside');
    expect(record.envelope.data).toMatchObject({
      verdict: 'refused',
      status: 404,
      reason: 'address_refused',
      address: '127.0.0.1',
    });
  });
});

describe('too many requests', () => {
  const files = new SourceFiles();
  afterAll(() => files.dispose());

  it('of an address that sends nothing good are answered 429; what is good costs nothing', async () => {
    const url = await start({
      GATEWAY_ADDRESS_REFUSALS_BURST: '5',
      GATEWAY_ADDRESS_REFUSALS_PER_SECOND: '1',
    });
    for (let n = 0; n < 20; n += 1) expect((await post(`${url}${path}`, body)).status).toBe(202);
    const bad = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        post(`${url}${n % 2 === 0 ? path : '/nowhere'}`, body, { secret: 'wrong' }),
      ),
    );
    const tooMany = bad.filter(({ status }) => status === 429);
    expect(tooMany.length).toBeGreaterThanOrEqual(4);
    expect(tooMany[0]?.body['code']).toBe('rate_limited');
    expect(Number(tooMany[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // Health stays visible, and the address gets its turn again.
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await eventually(async () => (await post(`${url}${path}`, body)).status === 202);
  });

  it('of a source are answered 429 once their signature is found right', async () => {
    files.record(
      'slow',
      'form: flat',
      'eventTypes: [service_down]',
      'limits: { ratePerSecond: 0.02, burst: 2 }',
    );
    const url = await start(files.env);
    const statuses = [];
    for (let n = 0; n < 6; n += 1) {
      const options = n < 2 ? { secret: 'wrong' } : {};
      statuses.push(await post(`${url}/webhooks/slow`, body, options));
    }
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 202, 202, 429, 429]);
    expect(Number(statuses.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(10);
    const record = await recordOf(({ source, status }) => source === 'slow' && status === 429);
    expect(record.envelope.data).toMatchObject({
      reason: 'rate_limited',
      key_id: expect.any(String) as string,
    });
  });

  it('hold no more connections of one address than it may', async () => {
    const url = await start({ GATEWAY_ADDRESS_CONNECTIONS_MAX: '3', GATEWAY_HEADERS_MS_MAX: '5000' });
    const idle = Array.from({ length: 3 }, () => raw(url, 'POST '));
    await eventually(async () => (await raw(url, head(path, 'content-length: 0'))).statuses.length === 0);
    // Who keeps connections without sending is cut off, and the address is let in again.
    expect((await Promise.all(idle)).map(({ statuses }) => statuses)).toEqual([[408], [408], [408]]);
    expect((await post(`${url}${path}`, body)).status).toBe(202);
  });
});
