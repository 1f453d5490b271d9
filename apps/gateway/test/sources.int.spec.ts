import { createHash, randomUUID } from 'node:crypto';
import {
  applyTopics,
  createInspector,
  type KafkaConnectionOptions,
  type KafkaInspector,
} from '@signalbox/agent-kit-kafka';
import { decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { sourceTopics } from '@signalbox/sources';
import { createScheme } from '@signalbox/webhooks';
import * as fc from 'fast-check';
import type { RunningGateway } from '../src/start-gateway.js';
import { alert } from './support/alert.js';
import { SourceFiles } from './support/source-files.js';
import { eventually, post, startTestGateway, testKafka, type Answer } from './support/test-gateway.js';

const files = new SourceFiles();
const hmac = createScheme({ kind: 'hmac', header: 'x-monitor-signature' });
const scheme = 'scheme: { kind: hmac, header: X-Monitor-Signature }';

let kafka: KafkaConnectionOptions;
let gateway: RunningGateway;
let inspector: KafkaInspector;
let startedMs: number;

beforeAll(async () => {
  kafka = await testKafka();
  await applyTopics(
    kafka,
    sourceTopics(['monitor', 'strict', 'careful', 'late'].map((name) => ({ name, form: 'provider' }))),
    {
      partitions: 3,
      replication: 1,
    },
  );
  files.secret('monitor', 'secret-of-the-monitor');
  files.record(
    'monitor',
    scheme,
    'secrets: [{ file: monitor, keyId: first }]',
    'mapping: alertmanager-alerts',
  );
  files.record(
    'strict',
    'secrets: [{ file: monitor }]',
    'deliveryId: { header: X-Delivery }',
    'eventType: { pointer: /kind }',
    'mapping:',
    '  - when: $event = "signup"',
    '    event_type: user.signed_up',
    '    data: \'{"user_id": user, "email": mail, "plan": "free", "signup_source": $source}\'',
    '  - when: $event = "twins"',
    '    each: list',
    '    event_type: subscription.started',
    '    id: id',
    '    data: \'{"user_id": id, "plan": $payload.kind, "started_at": "2026-04-05T12:01:00Z"}\'',
  );
  files.record(
    'careful',
    'secrets: [{ file: monitor }]',
    'quarantine: true',
    'mapping: [{ event_type: user.signed_up, data: \'{"user_id": user}\' }]',
  );
  inspector = createInspector(kafka);
  startedMs = Date.now() - 1_000;
  gateway = await startTestGateway(kafka, { env: files.env });
}, 900_000);

afterAll(async () => {
  await inspector?.close();
  await gateway?.stop();
  files.dispose();
});

const json = { 'content-type': 'application/json' };
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** As the monitor does: signed with its own scheme. */
function send(
  name: string,
  body: Buffer,
  headers: Record<string, string> = {},
  secret = 'secret-of-the-monitor',
) {
  const signed = name === 'monitor' ? hmac.sign({ rawBody: body, secret, nowMs: Date.now() }).headers : {};
  return post(`${gateway.url}/webhooks/${name}`, body, {
    secret,
    headers: { ...json, ...signed, ...headers },
  });
}

async function recordsOf(topic: string, fits: (event: EventEnvelope) => boolean): Promise<EventEnvelope[]> {
  const found: EventEnvelope[] = [];
  for await (const record of inspector.readTopic(topic, { fromTimeMs: startedMs })) {
    const event = decodeEvent(record);
    if (fits(event)) found.push(event);
  }
  return found;
}

const webhookOf = async (answer: Answer): Promise<Record<string, unknown>> => {
  const [record] = await recordsOf(
    'webhook.received',
    ({ data }) => (data as { event_id?: string }).event_id === answer.body['event_id'],
  );
  return record?.data as Record<string, unknown>;
};

describe('what a provider sends', () => {
  it('becomes an event for each alert, with ids that stay the same when it is sent again', async () => {
    const body = bytes({
      externalURL: `http://am.example/${randomUUID()}`,
      alerts: [alert('a1'), alert('a2', 'resolved')],
    });
    const base = `monitor:${createHash('sha256').update(body).digest('hex')}`;
    for (const answer of [await send('monitor', body), await send('monitor', body)]) {
      expect(answer).toMatchObject({
        status: 202,
        body: { event_id: `${base}/a1:firing`, correlation_id: base },
      });
    }
    const down = await recordsOf('service_down', ({ event_id }) => event_id === `${base}/a1:firing`);
    const recovered = await recordsOf(
      'service_recovered',
      ({ event_id }) => event_id === `${base}/a2:resolved`,
    );
    expect(down).toHaveLength(2);
    expect(recovered).toHaveLength(2);
    expect(down[0]).toMatchObject({
      timestamp: '2026-04-05T12:01:00Z',
      data: { alert_id: 'a1', service_name: 'checkout-a1', severity: 'critical' },
      metadata: { source_service: 'monitor', correlation_id: base, schema_version: 1 },
    });
    const seen = await recordsOf(
      'webhook.received',
      ({ data }) => (data as { event_id?: string }).event_id === `${base}/a1:firing`,
    );
    expect(seen).toHaveLength(2);
    expect(seen[0]?.data).toMatchObject({
      source: 'monitor',
      verdict: 'accepted',
      key_id: 'first',
      more_events: [{ event_id: `${base}/a2:resolved`, event_type: 'service_recovered' }],
    });
  });

  it('lies on webhook.<source> byte for byte where no rule fits, its headers without credentials', async () => {
    const body = Buffer.from('{ "alerts": [],\n  "note": "caf\u00e9"}');
    const answer = await send('monitor', body, { authorization: 'Bearer hunter2', 'x-kind': 'note' });
    expect(answer.status).toBe(202);
    const raw = [];
    for await (const record of inspector.readTopic('webhook.monitor', { fromTimeMs: startedMs }))
      raw.push(record);
    const [record] = raw.filter(({ headers }) => headers['ce_id']?.toString() === answer.body['event_id']);
    expect(record?.value).toEqual(body);
    const headers = record?.headers['sb-webhook-headers']?.toString() ?? '';
    expect(headers).toContain('"x-kind":"note"');
    expect(headers).not.toContain('hunter2');
    expect(decodeEvent(record!)).toMatchObject({ event_type: 'webhook.monitor', data: { note: 'café' } });
    expect(await webhookOf(answer)).toMatchObject({ event_type: 'webhook.monitor', verdict: 'accepted' });
  });

  it('takes any form of body unmapped: a form, a text, a list', async () => {
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', 'a=1&a=2&b=%20'],
      ['text/plain', 'just so'],
      ['application/json', '[{"id":1}]'],
    ] as const) {
      const answer = await send('monitor', Buffer.from(body), { 'content-type': type });
      expect(answer.status).toBe(202);
    }
    const gzip = await send('monitor', Buffer.from('{}'), { 'content-encoding': 'gzip' });
    expect(gzip.status).toBe(415);
  });

  it('has the id its provider gives it', async () => {
    const body = bytes({ kind: 'signup', user: 'u1', mail: 'u1@example.com' });
    const answer = await send('strict', body, { 'x-delivery': 'd-77' });
    expect(answer.body).toMatchObject({ status: 'accepted', event_id: 'strict:d-77' });
    const [event] = await recordsOf('user.signed_up', ({ event_id }) => event_id === 'strict:d-77');
    expect(event?.data).toEqual({
      user_id: 'u1',
      email: 'u1@example.com',
      plan: 'free',
      signup_source: 'strict',
    });
    const odd = await send('strict', body, { 'x-delivery': 'not an id' });
    expect(odd.body['event_id']).toMatch(/^strict:[0-9a-f]{64}$/);
  });
});

describe('what does not fit', () => {
  it('is 422 with pointers, and 400 where it cannot be read', async () => {
    const answer = await send('strict', bytes({ kind: 'signup', user: 'u1' }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'event_invalid' } });
    expect((answer.body['pointers'] as { pointer: string }[])[0]?.pointer).toBe('/data/email');
    const twins = await send('strict', bytes({ kind: 'twins', list: [{ id: 'x' }, { id: 'x' }] }));
    expect(twins).toMatchObject({ status: 422, body: { code: 'mapping_failed' } });
    expect(await send('strict', Buffer.from('{"a":1,"a":2}'))).toMatchObject({ status: 400 });
  });

  it('is quarantined as it came where the source says so', async () => {
    const body = bytes({ user: 'q1' });
    const answer = await send('careful', body, { 'x-kind': 'q' });
    expect(answer.status).toBe(202);
    const records = [];
    for await (const record of inspector.readTopic('webhook.quarantined', { fromTimeMs: startedMs }))
      records.push(record);
    const [record] = records.filter(
      ({ headers }) => headers['ce_id']?.toString() === answer.body['event_id'],
    );
    expect(record?.value).toEqual(body);
    expect(record?.headers['sb-webhook-facts']?.toString()).toContain('event_invalid');
    const webhooks = await recordsOf(
      'webhook.received',
      ({ data }) => (data as { quarantined?: boolean }).quarantined === true,
    );
    expect(webhooks.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({
        source: 'careful',
        verdict: 'accepted',
        reason: 'event_invalid',
        status: 202,
      }),
    );
    expect(
      await recordsOf('user.signed_up', ({ metadata }) => metadata.source_service === 'careful'),
    ).toEqual([]);
  });

  it('never makes the gateway fail', async () => {
    const value = fc.anything({ maxDepth: 4, withBigInt: false });
    const body = fc.oneof(
      fc.jsonValue().map(bytes),
      value.map((one) => bytes({ alerts: one, kind: 'twins', list: one })),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('monitor', 'strict', 'careful'), body, async (name, made) => {
        const { status } = await send(name, made);
        expect([202, 400, 422]).toContain(status);
      }),
      { numRuns: 150 },
    );
  });
});

const statusOf = async (path: string, body: Buffer, secret: string): Promise<number> =>
  (await post(`${gateway.url}${path}`, body, { secret })).status;

describe('records while the gateway runs', () => {
  const body = bytes({ note: 'which secret?' });

  it('takes a source that is added and forgets one that is removed', async () => {
    expect(await statusOf('/webhooks/late', body, 'late-secret')).toBe(404);
    files.secret('late', 'late-secret');
    files.record(
      'late',
      'secrets: [{ file: late }]',
      'mapping: [{ when: "false", event_type: user.signed_up, data: "{}" }]',
    );
    await eventually(async () => (await statusOf('/webhooks/late', body, 'late-secret')) === 202);
    files.remove('late');
    await eventually(async () => (await statusOf('/webhooks/late', body, 'late-secret')) === 404);
  });

  it('takes several secrets at once, each in its time, and a file with a secret anew when it changes', async () => {
    const day = 86_400_000;
    const at = (days: number): string => new Date(Date.now() + days * day).toISOString();
    files.secret('old', 'old-secret');
    files.secret('new', 'new-secret');
    files.secret('future', 'future-secret');
    files.record(
      'careful',
      'form: provider',
      'secrets:',
      `  - { file: old, keyId: v1, until: "${at(1)}" }`,
      `  - { file: new, keyId: v2, from: "${at(-1)}" }`,
      `  - { file: future, keyId: v3, from: "${at(1)}" }`,
      'mapping: alertmanager-alerts',
    );
    await eventually(async () => (await statusOf('/webhooks/careful', body, 'new-secret')) === 202);
    const key = async (secret: string): Promise<unknown> =>
      (await webhookOf(await post(`${gateway.url}/webhooks/careful`, bytes({ secret }), { secret })))[
        'key_id'
      ];
    expect(await key('old-secret')).toBe('v1');
    expect(await key('new-secret')).toBe('v2');
    expect(await statusOf('/webhooks/careful', body, 'future-secret')).toBe(403);
    files.secret('new', 'newer-secret');
    await eventually(async () => (await statusOf('/webhooks/careful', body, 'newer-secret')) === 202);
    expect(await statusOf('/webhooks/careful', body, 'new-secret')).toBe(403);
  });

  it('keeps a source as it was while its record is bad, and says so', async () => {
    files.record(
      'strict',
      'secrets: [{ file: monitor }]',
      'mapping:',
      '  - { event_type: nonsense, data: "1 +" }',
    );
    const ready = async () =>
      (await (await fetch(`${gateway.url}/health/ready`)).json()) as { sources?: { problem: string }[] };
    const [problem] = (await eventually(async () => (await ready()).sources)) ?? [];
    expect(problem).toMatchObject({ file: 'strict.yaml', kept: true });
    expect(problem?.problem).toContain('strict.yaml:4: mapping.0.event_type is not in the catalogue');
    expect(problem?.problem).toContain('strict.yaml:4: mapping.0.data is not JSONata');
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/signalbox_gateway_source_records_bad(?:\{.*\})? 1/);
    const answer = await send('strict', bytes({ kind: 'signup', user: 'u2', mail: 'u2@example.com' }), {
      'x-delivery': 'd-78',
    });
    expect(answer.status).toBe(202);
    files.record('strict', 'secrets: [{ file: monitor }]', 'mapping: alertmanager-alerts');
    await eventually(async () => (await ready()).sources === undefined);
  });
});
