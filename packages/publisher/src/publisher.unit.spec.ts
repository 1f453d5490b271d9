import type { OutgoingRecord } from '@signalbox/agent-kit';
import {
  decodeEvent,
  defineContract,
  incidentOpened,
  leadQualified,
  usageRecorded,
  userSignedUp,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { RecordingProducer, type Sent } from '../test/recording-producer.js';
import { createPublisher } from './publisher.js';

const nowMs = Date.parse('2026-04-05T12:00:00.000Z');
let producer: RecordingProducer;
let ids: number;

beforeEach(() => {
  producer = new RecordingProducer();
  ids = 0;
});

const publisher = (): ReturnType<typeof createPublisher> =>
  createPublisher({ producer, sourceService: 'crm', clock: () => nowMs, newId: () => `id-${(ids += 1)}` });

const decoded = (record: OutgoingRecord | undefined): unknown =>
  decodeEvent({ value: record?.value ?? null, headers: record?.headers ?? {}, timestampMs: 0 });

async function failureOf(work: Promise<unknown>): Promise<SignalboxError> {
  return work.then(
    () => Promise.reject(new Error('nothing was rejected')),
    (error: unknown) => error as SignalboxError,
  );
}

describe('publish', () => {
  it('sends the event to the topic, key and partition of its contract', async () => {
    const published = await publisher().publish(leadQualified, leadQualified.example);
    expect(published).toEqual({
      topic: 'lead.qualified',
      partition: 0,
      eventId: 'id-1',
      correlationId: 'id-1',
      key: 'lead-4471',
    });
    const [{ records, ...to }] = producer.sent as [Sent];
    expect(to).toEqual({ topic: 'lead.qualified', partition: 0 });
    expect(records[0]?.key?.toString()).toBe('lead-4471');
    expect(decoded(records[0])).toEqual({
      event_id: 'id-1',
      event_type: 'lead.qualified',
      timestamp: '2026-04-05T12:00:00.000Z',
      data: leadQualified.example,
      metadata: { source_service: 'crm', correlation_id: 'id-1', schema_version: 1 },
    });
  });

  it('takes ids, time and trace from the caller', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await publisher().publish(leadQualified, leadQualified.example, {
      eventId: 'lead-4471-v2',
      correlationId: 'story',
      causationId: 'before',
      timestamp: '2026-03-31T10:31:00Z',
      traceparent,
    });
    const record = producer.sent[0]?.records[0];
    expect(record?.headers).toMatchObject({
      'content-type': 'application/vnd.signalbox.event+json',
      ce_id: 'lead-4471-v2',
      ce_subject: 'lead-4471',
      traceparent,
    });
    expect(decoded(record)).toMatchObject({
      event_id: 'lead-4471-v2',
      timestamp: '2026-03-31T10:31:00Z',
      metadata: { correlation_id: 'story', causation_id: 'before' },
    });
  });

  it('keeps fields the contract does not name', async () => {
    await publisher().publish(leadQualified, { ...leadQualified.example, region: 'EMEA' });
    expect(decoded(producer.sent[0]?.records[0])).toMatchObject({ data: { region: 'EMEA' } });
  });

  it('makes ids by UUIDv7 and times by the system clock when it is not told otherwise', async () => {
    const before = Date.now();
    const { eventId } = await createPublisher({ producer, sourceService: 'crm' }).publish(
      leadQualified,
      leadQualified.example,
    );
    expect(eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { timestamp } = decoded(producer.sent[0]?.records[0]) as { timestamp: string };
    expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before);
  });
});

describe('before anything is sent', () => {
  afterEach(() => expect(producer.sent).toEqual([]));

  it('data is checked against the contract', async () => {
    const bad = { ...leadQualified.example, email: 'sam', score: 870 };
    const error = await failureOf(publisher().publish(leadQualified, bad));
    expect(error).toMatchObject({ code: 'event_invalid', retryable: false });
    expect(error.pointers.map(({ pointer }) => pointer)).toEqual(['/email', '/score']);
  });

  it.each([
    ['eventId', { eventId: '' }, '/event_id'],
    ['eventId', { eventId: 'a\nb' }, '/event_id'],
    ['correlationId', { correlationId: 'x'.repeat(256) }, '/metadata/correlation_id'],
    ['causationId', { causationId: '' }, '/metadata/causation_id'],
    ['timestamp', { timestamp: 'yesterday' }, '/timestamp'],
  ])('%s %j is checked', async (_name, options, pointer) => {
    const error = await failureOf(publisher().publish(leadQualified, leadQualified.example, options));
    expect(error.code).toBe('event_invalid');
    expect(error.pointers.map((each) => each.pointer)).toContain(pointer);
  });

  it('text PostgreSQL cannot store is refused', async () => {
    const error = await failureOf(
      publisher().publish(userSignedUp, { ...userSignedUp.example, plan: 'a\u0000b' }),
    );
    expect(error).toMatchObject({ code: 'event_invalid', pointers: [{ pointer: '/plan' }] });
  });

  it('an event too large for its topic is refused', async () => {
    const wide = defineContract({
      type: 'wide.sent',
      owner: 'test',
      summary: 'A lot of text.',
      schema: z.looseObject({ id: z.string(), body: z.string() }),
      keyField: 'id',
      example: { id: 'a', body: '' },
    });
    const error = await failureOf(publisher().publish(wide, { id: 'a', body: 'x'.repeat(1_048_576) }));
    expect(error.code).toBe('event_too_large');
  });

  it('one bad event among many holds back all', async () => {
    const many = [
      { contract: usageRecorded, data: usageRecorded.example },
      { contract: usageRecorded, data: { ...usageRecorded.example, quantity: -1 } },
    ];
    expect((await failureOf(publisher().publishMany(many))).code).toBe('event_invalid');
  });

  it.each(['', 'x'.repeat(256), 'a\nb'])('a source service %j is refused', (sourceService) => {
    expect(() => createPublisher({ producer, sourceService })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }) as Error,
    );
  });
});

describe('publishMany', () => {
  it('sends one batch for each partition, in order', async () => {
    const usage = (userId: string, quantity: number) => ({
      contract: usageRecorded,
      data: { ...usageRecorded.example, user_id: userId, quantity },
    });
    const published = await publisher().publishMany([
      usage('a', 1),
      usage('bb', 2),
      usage('a', 3),
      { contract: leadQualified, data: { ...leadQualified.example, lead_id: 'a' } },
    ]);
    expect(published.map(({ eventId }) => eventId)).toEqual(['id-1', 'id-2', 'id-3', 'id-4']);
    expect(producer.sent.map(({ topic, partition, records }) => [topic, partition, records.length])).toEqual([
      ['usage.recorded', 1, 2],
      ['usage.recorded', 2, 1],
      ['lead.qualified', 1, 1],
    ]);
    const quantities = producer.sent[0]?.records.map(
      (record) => (decoded(record) as { data: { quantity: number } }).data.quantity,
    );
    expect(quantities).toEqual([1, 3]);
  });

  it('sends nothing for nothing', async () => {
    expect(await publisher().publishMany([])).toEqual([]);
    expect(producer.sent).toEqual([]);
  });

  it('rejects with the broker’s error after every send has ended', async () => {
    const error = new SignalboxError('broker_unavailable', 'Kafka is away.');
    producer.failure = { topic: 'lead.qualified', error };
    const work = publisher().publishMany([
      { contract: leadQualified, data: leadQualified.example },
      { contract: incidentOpened, data: incidentOpened.example },
    ]);
    expect(await failureOf(work)).toBe(error);
    expect(producer.sent.map(({ topic }) => topic)).toEqual(['incident.opened']);
  });
});
