import { gzipSync } from 'node:zlib';
import { checkEvent, webhookReceived } from '@signalbox/contracts';
import { errorCodes, type ErrorCode } from '@signalbox/errors';
import type { RunningGateway } from '../src/start-gateway.js';
import { fixture, sample } from './support/sources.js';
import { post, startTestGateway, testKafka, type Answer, type PostOptions } from './support/test-gateway.js';
import { TopicWatch, type SeenRecord } from './support/topic-watch.js';

let gateway: RunningGateway;
let watch: TopicWatch;

beforeAll(async () => {
  const kafka = await testKafka();
  gateway = await startTestGateway(kafka);
  watch = await TopicWatch.of(kafka, ['webhook.received']);
}, 900_000);

afterAll(async () => {
  await watch?.close();
  await gateway?.stop();
});

const opsPath = '/agent/ops-alert-webhook';
const down = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({ ...sample('service_down.json'), ...changes });
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const bytesAround = (...bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);

interface Row {
  readonly name: string;
  readonly path?: string;
  readonly body: string | Buffer;
  readonly options?: PostOptions;
  readonly status: number;
  readonly code: ErrorCode;
  readonly pointers?: readonly string[];
}

const header = (name: string, value: string | undefined): PostOptions => ({ headers: { [name]: value } });
const signature = (value: string | undefined) => header('x-webhook-signature', value);
const right = `sha256=${'0'.repeat(64)}`;

const rows: readonly Row[] = [
  {
    name: 'no signature',
    body: down(),
    options: signature(undefined),
    status: 401,
    code: 'signature_missing',
  },
  {
    name: 'an empty signature',
    body: down(),
    options: signature(''),
    status: 401,
    code: 'signature_missing',
  },
  {
    name: 'a wrong secret',
    body: down(),
    options: { secret: 'wrong' },
    status: 403,
    code: 'signature_invalid',
  },
  {
    name: 'a malformed signature',
    body: down(),
    options: signature('yes'),
    status: 403,
    code: 'signature_invalid',
  },
  {
    name: 'two signatures',
    body: down(),
    options: signature(`${right}, ${right}`),
    status: 403,
    code: 'signature_invalid',
  },
  {
    name: 'bad JSON under a wrong secret',
    body: '{',
    options: { secret: 'w' },
    status: 403,
    code: 'signature_invalid',
  },
  { name: 'text', body: 'hello', status: 400, code: 'body_not_json' },
  { name: 'no body', body: '', status: 400, code: 'body_not_json' },
  { name: 'an array', body: '[]', status: 400, code: 'body_not_json' },
  { name: 'invalid UTF-8', body: bytesAround(0xff), status: 400, code: 'body_not_json' },
  { name: 'a surrogate in UTF-8', body: bytesAround(0xed, 0xa0, 0x80), status: 400, code: 'body_not_json' },
  { name: 'a repeated name', body: '{"a":1,"a":1}', status: 400, code: 'body_not_json', pointers: ['/a'] },
  { name: '__proto__', body: '{"__proto__":{}}', status: 400, code: 'body_not_json' },
  { name: 'a NUL', body: String.raw`{"a":"\u0000"}`, status: 400, code: 'body_not_json' },
  { name: 'half a surrogate pair', body: String.raw`{"a":"\ud800"}`, status: 400, code: 'body_not_json' },
  { name: '33 levels', body: nested(33), status: 400, code: 'body_not_json' },
  { name: '33 levels on /events', path: '/events', body: nested(33), status: 400, code: 'body_not_json' },
  { name: '1e999', body: '{"a":1e999}', status: 400, code: 'body_not_json' },
  { name: 'more than 1 MiB', body: ' '.repeat(1_048_577), status: 413, code: 'body_too_large' },
  {
    name: 'an event larger than its topic takes',
    body: down({ filler: 'x'.repeat(1_048_576 - 500) }),
    status: 413,
    code: 'event_too_large',
  },
  {
    name: 'text/plain',
    body: down(),
    options: header('content-type', 'text/plain'),
    status: 415,
    code: 'media_type_unsupported',
  },
  {
    name: 'no content type',
    body: down(),
    options: header('content-type', ''),
    status: 415,
    code: 'media_type_unsupported',
  },
  {
    name: 'a compressed body',
    body: gzipSync(down()),
    options: header('content-encoding', 'gzip'),
    status: 415,
    code: 'media_type_unsupported',
  },
  {
    name: 'a missing field',
    body: down({ alert_id: undefined }),
    status: 422,
    code: 'event_invalid',
    pointers: ['/alert_id'],
  },
  {
    name: 'three bad fields',
    body: down({ severity: 'bad', timestamp: '2026-04-05', incident_link: 'javascript:0' }),
    status: 422,
    code: 'event_invalid',
    pointers: ['/incident_link', '/severity', '/timestamp'],
  },
  {
    name: 'a number as text',
    body: down({ service_name: 1 }),
    status: 422,
    code: 'event_invalid',
    pointers: ['/service_name'],
  },
  {
    name: 'an unknown type',
    body: down({ event_type: 'x' }),
    status: 422,
    code: 'event_type_unknown',
    pointers: ['/event_type'],
  },
  {
    name: 'a type of another source',
    body: fixture('shipping_delay.json'),
    status: 422,
    code: 'event_type_unknown',
  },
  {
    name: 'a bad correlation id',
    body: down({ correlation_id: 1 }),
    status: 422,
    code: 'event_invalid',
    pointers: ['/correlation_id'],
  },
  {
    name: 'a score out of range',
    path: '/agent/social-sentiment-webhook',
    body: JSON.stringify({ ...sample('negative_sentiment_detected.json'), sentiment_score: -1.01 }),
    status: 422,
    code: 'event_invalid',
    pointers: ['/sentiment_score'],
  },
  { name: 'an empty envelope', path: '/events', body: '{}', status: 422, code: 'envelope_malformed' },
  {
    name: 'an envelope with bad data',
    path: '/events',
    body: JSON.stringify({ ...sample('user.signed_up.json'), data: { user_id: 'u', email: 'x' } }),
    status: 422,
    code: 'event_invalid',
    pointers: ['/data/email', '/data/plan', '/data/signup_source'],
  },
  {
    name: 'a platform event',
    path: '/events',
    body: JSON.stringify({ ...sample('user.signed_up.json'), event_type: 'webhook.received' }),
    status: 422,
    code: 'event_type_unknown',
  },
];

const idOf = (answer: Answer): string => String(answer.body['instance']).replace('urn:uuid:', '');

describe('a refused webhook', () => {
  it.each(rows)('$name: $status $code', async ({ path = opsPath, body, options, status, code, pointers }) => {
    const answer = await post(`${gateway.url}${path}`, body, options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      code,
      type: `urn:signalbox:problem:${code}`,
      action: errorCodes[code].action,
    });
    expect(String(answer.body['detail']).length).toBeGreaterThan(10);
    const found = (answer.body['pointers'] as { pointer: string }[]).map(({ pointer }) => pointer).sort();
    if (pointers) expect(found).toEqual(pointers);

    const [record] = await watch.wait(
      'webhook.received',
      ({ envelope }) => envelope.event_id === idOf(answer),
    );
    checkEvent(webhookReceived, (record as SeenRecord).envelope);
    expect(record?.envelope.data).toMatchObject({ verdict: 'refused', status, reason: code, path });
  });

  it('keeps the payload in its record, redacted, also when the secret was wrong', async () => {
    const body = JSON.stringify(sample('negative_sentiment_detected.json'));
    const answer = await post(`${gateway.url}/agent/social-sentiment-webhook`, body, { secret: 'wrong' });
    const [record] = await watch.wait(
      'webhook.received',
      ({ envelope }) => envelope.event_id === idOf(answer),
    );
    expect(record?.envelope.data).toMatchObject({
      headers: { 'x-webhook-signature': '[redacted]' },
      payload: { customer_id: 'cust_12345', customer_name: '[redacted]' },
    });
  });
});

describe('addresses and methods', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])(
    '%s on a webhook address is 405',
    async (method) => {
      const answer = await post(`${gateway.url}${opsPath}`, '{}', { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('POST');
    },
  );

  it.each(['/health/live', '/health/ready', '/metrics'])('POST on %s is 405', async (path) => {
    const answer = await post(`${gateway.url}${path}`, '{}');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect(answer.body['code']).toBe('method_not_allowed');
  });

  it.each([
    '/',
    '/agent',
    '/agent/ops-alert-webhook/',
    '/AGENT/ops-alert-webhook',
    '/events/1',
    '/%zz',
    '/health',
  ])('%s is 404', async (path) => {
    const answer = await post(`${gateway.url}${path}`, down());
    expect(answer.status).toBe(404);
    expect(answer.body['code']).toBe('not_found');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('ignores parameters behind the address and does not record them', async () => {
    const answer = await post(`${gateway.url}${opsPath}?token=hunter2`, down(), { secret: 'wrong' });
    expect(answer.status).toBe(403);
    const [record] = await watch.wait(
      'webhook.received',
      ({ envelope }) => envelope.event_id === idOf(answer),
    );
    expect(JSON.stringify(record)).not.toContain('hunter2');
  });
});
