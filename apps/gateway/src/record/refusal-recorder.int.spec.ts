import { randomUUID } from 'node:crypto';
import type { RecordProducer } from '@signalbox/agent-kit';
import { createInspector, createProducer, type KafkaInspector } from '@signalbox/agent-kit-kafka';
import { webhookReceived } from '@signalbox/contracts';
import { eventually, testKafka } from '../../test/support/test-gateway.js';
import { Publisher } from '../publish/publisher.js';
import { RefusalRecorder, refusalsPerSecondMax } from './refusal-recorder.js';
import type { Decided } from './webhook-record.js';

let producer: RecordProducer;
let away: RecordProducer;
let inspector: KafkaInspector;

beforeAll(async () => {
  const kafka = await testKafka();
  producer = createProducer(kafka);
  inspector = createInspector(kafka);
  away = createProducer({ brokers: ['127.0.0.1:1'], clientId: 'gateway-test' });
}, 900_000);

afterAll(async () => {
  await Promise.all([producer?.close(), inspector?.close(), away?.close(0)]);
});

const recorderOf = (through: RecordProducer, deadlineMs = 5_000) => {
  const counts = { written: 0, failed: 0, skipped: 0 };
  const clock = { nowMs: 0 };
  const target = { through };
  const source = `source-${randomUUID()}`;
  const recorder = new RefusalRecorder(
    { publish: (records) => new Publisher(target.through, deadlineMs).publish(records) },
    (outcome) => (counts[outcome] += 1),
    () => clock.nowMs,
  );
  const decide = (): Decided => ({
    webhookId: randomUUID(),
    source,
    path: '/agent/ops-alert-webhook',
    status: 403,
    reason: 'signature_invalid',
    address: '127.0.0.1',
    receivedAtMs: 0,
    decidedMs: 0,
    headers: {},
    payload: { alert_id: 'a' },
    sizeBytes: 0,
  });
  const flood = (count: number): void => {
    for (let n = 0; n < count; n += 1) recorder.record(source, decide);
  };
  return { counts, clock, flood, recorder, source, decide, target };
};

interface Recorded {
  readonly unrecorded?: number;
  readonly payload?: unknown;
}

/** What the topic tells of a source. */
async function recordsOf(source: string): Promise<Recorded[]> {
  const records: Recorded[] = [];
  for await (const { key, value } of inspector.readTopic(webhookReceived.topic))
    if (String(key) === source) records.push((JSON.parse(String(value)) as { data: Recorded }).data);
  return records;
}

/** Received webhooks, told from the topic alone. */
const received = (records: readonly Recorded[]): number =>
  records.reduce((sum, { unrecorded = 0 }) => sum + 1 + unrecorded, 0);

describe('RefusalRecorder', () => {
  it('writes a burst of 200, then 100 a second; the topic still tells how many there were', async () => {
    const { counts, clock, flood, recorder, source } = recorderOf(producer);
    flood(250);
    expect(counts.skipped).toBe(50);
    await eventually(() => Promise.resolve(counts.written === 200));
    clock.nowMs += 1_000;
    flood(250);
    expect(counts.skipped).toBe(50 + 250 - refusalsPerSecondMax);
    await eventually(() => Promise.resolve(counts.written === 200 + refusalsPerSecondMax));
    const before = await recordsOf(source);
    expect(before[0]).toEqual(expect.objectContaining({ payload: { alert_id: 'a' } }));
    expect(received(before)).toBe(350);

    // Nothing more comes: the rest is told by one record, as soon as there is room for it.
    recorder.catchUp();
    expect(counts.written).toBe(300);
    clock.nowMs += 1_000;
    recorder.catchUp();
    await eventually(() => Promise.resolve(counts.written === 301));
    const records = await recordsOf(source);
    expect(records.at(-1)).toMatchObject({ unrecorded: 149 });
    expect(records.at(-1)).not.toHaveProperty('payload');
    expect(received(records)).toBe(500);
    expect(counts.failed).toBe(0);
  });

  it('takes a clock that steps back for no time at all', () => {
    const { counts, clock, flood } = recorderOf(producer);
    flood(200);
    clock.nowMs = -60_000;
    flood(10);
    expect(counts.skipped).toBe(10);
  });

  it('gives up without Kafka, is free again, and tells afterwards what was missed', async () => {
    const { counts, clock, flood, recorder, source, target, decide } = recorderOf(away, 300);
    flood(200);
    await eventually(() => Promise.resolve(counts.failed === 200));
    clock.nowMs += 10_000;
    // Nothing new is tried before what failed.
    flood(2);
    recorder.leaveOut(source, decide);
    recorder.catchUp();
    await eventually(() => Promise.resolve(counts.failed === 400));
    expect(counts).toEqual({ written: 0, failed: 400, skipped: 3 });
    target.through = producer;
    await recorder.close();
    const records = await recordsOf(source);
    expect([records.length, received(records)]).toEqual([201, 203]);
  });

  it('writes what is left when it closes, without regard to the limits', async () => {
    const { counts, flood, recorder, source } = recorderOf(producer);
    flood(207);
    await recorder.close();
    expect(counts).toEqual({ written: 201, failed: 0, skipped: 7 });
    expect(received(await recordsOf(source))).toBe(207);
  });
});
