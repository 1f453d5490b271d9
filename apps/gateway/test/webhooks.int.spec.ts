import { createHash } from 'node:crypto';
import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import type { RunningGateway } from '../src/start-gateway.js';
import { fixture, sample } from './support/sources.js';
import { post, startTestGateway, testKafka } from './support/test-gateway.js';
import { TopicWatch, type SeenRecord } from './support/topic-watch.js';

const topics = ['negative_sentiment_detected', 'shipping_delay', 'service_down', 'service_recovered'];
const more = ['user.signed_up', 'lead.qualified', 'webhook.received'];

let kafka: KafkaConnectionOptions;
let gateway: RunningGateway;
let watch: TopicWatch;

beforeAll(async () => {
  kafka = await testKafka();
  gateway = await startTestGateway(kafka, { env: { WEBHOOK_SECRET_OPS_ALERT: 'new-secret,old-secret' } });
  watch = await TopicWatch.of(kafka, [...topics, ...more]);
}, 900_000);

afterAll(async () => {
  await watch?.close();
  await gateway?.stop();
});

const byId = (eventId: unknown) => (record: SeenRecord) => record.envelope.event_id === eventId;
const recordOf = (eventId: unknown) => (record: SeenRecord) =>
  (record.envelope.data as { event_id?: string }).event_id === eventId;

describe('flat payloads, byte for byte', () => {
  it.each([
    ['social-sentiment', 'negative_sentiment_detected', 'cust_12345', undefined],
    ['logistics-anomaly', 'shipping_delay', 'SHIP-XYZ-789', undefined],
    ['ops-alert', 'service_down', 'PaymentGatewayService', 'new-secret'],
  ])('%s: %s', async (source, eventType, key, secret) => {
    const body = fixture(`${eventType}.json`);
    const answer = await post(`${gateway.url}/agent/${source}-webhook`, body, secret ? { secret } : {});
    const eventId = `${source}:${createHash('sha256').update(body).digest('hex')}`;
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ status: 'accepted', event_id: eventId, correlation_id: eventId });
    // The answer comes after Kafka has both: they are there without waiting.
    const [event] = await watch.seen(eventType, byId(eventId));
    expect(event).toMatchObject({ key, headers: { ce_id: eventId, ce_type: eventType, ce_source: source } });
    expect(event?.envelope).toEqual({
      event_id: eventId,
      event_type: eventType,
      timestamp: sample(`${eventType}.json`)['timestamp'],
      data: sample(`${eventType}.json`),
      metadata: { source_service: source, correlation_id: eventId, schema_version: 1 },
    });
    const [record] = await watch.seen('webhook.received', recordOf(eventId));
    expect(record?.key).toBe(source);
    expect(record?.envelope.data).toMatchObject({
      source,
      verdict: 'accepted',
      status: 202,
      key_id: secret ? 'ops-alert' : 'default',
      address: '127.0.0.1',
      size_bytes: body.length,
      event_type: eventType,
      headers: { 'x-webhook-signature': '[redacted]' },
    });
  });

  it('gives a webhook sent again the same id, with the second secret too', async () => {
    const body = JSON.stringify({ ...sample('service_down.json'), alert_id: `A-${Date.now()}` });
    const url = `${gateway.url}/agent/ops-alert-webhook`;
    const first = await post(url, body, { secret: 'new-secret' });
    const second = await post(url, body, { secret: 'old-secret' });
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    const records = await watch.seen('webhook.received', recordOf(first.body['event_id']));
    expect(records.map(({ envelope }) => (envelope.data as { key_id: string }).key_id).sort()).toEqual([
      'ops-alert',
      'ops-alert-2',
    ]);
  });

  it('does not take the default secret where the source has its own', async () => {
    const answer = await post(`${gateway.url}/agent/ops-alert-webhook`, fixture('service_down.json'));
    expect(answer.status).toBe(403);
  });

  it('takes service_recovered on the same address', async () => {
    const body = JSON.stringify({
      ...sample('service_down.json'),
      event_type: 'service_recovered',
      n: Date.now(),
    });
    const answer = await post(`${gateway.url}/agent/ops-alert-webhook`, body, { secret: 'new-secret' });
    expect(answer.status).toBe(202);
    expect(await watch.seen('service_recovered', byId(answer.body['event_id']))).toHaveLength(1);
  });

  it('carries correlation id and trace context from the headers', async () => {
    const body = JSON.stringify({ ...sample('shipping_delay.json'), n: Date.now() });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await post(`${gateway.url}/agent/logistics-anomaly-webhook`, body, {
      headers: { 'x-correlation-id': 'my-story', traceparent },
    });
    expect(answer.body['correlation_id']).toBe('my-story');
    const [event] = await watch.seen('shipping_delay', byId(answer.body['event_id']));
    expect(event?.headers['traceparent']).toBe(traceparent);
    expect(event?.envelope.metadata.correlation_id).toBe('my-story');
  });
});

describe('envelopes on /events', () => {
  it.each([
    ['user.signed_up', 'usr-5678'],
    ['lead.qualified', 'lead-4471'],
  ])('%s, byte for byte', async (eventType, key) => {
    const body = fixture(`${eventType}.json`);
    const envelope = sample(`${eventType}.json`);
    const answer = await post(`${gateway.url}/events`, body);
    expect(answer.status).toBe(202);
    expect(answer.body['event_id']).toBe(envelope['event_id']);
    expect(answer.body['correlation_id']).toBe(
      `corr-${eventType === 'user.signed_up' ? '9876' : 'lead-4471'}`,
    );
    const [event] = await watch.seen(eventType, byId(envelope['event_id']));
    expect(event?.key).toBe(key);
    expect(event?.envelope).toEqual(envelope);
    const [record] = await watch.seen('webhook.received', recordOf(envelope['event_id']));
    expect(record?.envelope.data).toMatchObject({ source: 'events', path: '/events' });
    expect(JSON.stringify(record?.envelope)).not.toContain('@example.com');
  });

  it('refuses what only Signalbox itself publishes', async () => {
    const body = JSON.stringify({ ...sample('user.signed_up.json'), event_type: 'agent.activity' });
    const answer = await post(`${gateway.url}/events`, body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'event_type_unknown', pointers: [{ pointer: '/event_type' }] });
  });
});

describe('many at once', () => {
  it('acknowledges each only with its record, and keeps the order of a sender that waits', async () => {
    const run = `run-${Date.now()}`;
    const url = `${gateway.url}/agent/logistics-anomaly-webhook`;
    const send = (lane: number, n: number) =>
      post(url, JSON.stringify({ ...sample('shipping_delay.json'), shipment_id: `${run}-${lane}`, n }));
    const lanes = Array.from({ length: 20 }, async (_, lane) => {
      for (let n = 0; n < 15; n += 1) expect((await send(lane, n)).status).toBe(202);
    });
    await Promise.all(lanes);
    const events = await watch.seen('shipping_delay', ({ key }) => key.startsWith(run));
    expect(events).toHaveLength(300);
    for (let lane = 0; lane < 20; lane += 1) {
      const mine = events.filter(({ key }) => key === `${run}-${lane}`);
      expect(mine.map(({ envelope }) => (envelope.data as { n: number }).n)).toEqual([...Array(15).keys()]);
    }
    const ids = new Set(events.map(({ envelope }) => envelope.event_id));
    const records = await watch.seen('webhook.received', ({ envelope }) =>
      ids.has((envelope.data as { event_id?: string }).event_id ?? ''),
    );
    expect(records).toHaveLength(300);
  });
});
