import type { RecordProducer } from '@signalbox/agent-kit';
import { createProducer } from '@signalbox/agent-kit-kafka';
import { testKafka } from '../../test/support/test-gateway.js';
import { eventually } from '../../test/support/test-gateway.js';
import { Publisher } from '../publish/publisher.js';
import { RefusalRecorder, refusalsPerSecondMax } from './refusal-recorder.js';
import { webhookRecord } from './webhook-record.js';

let producer: RecordProducer;
let away: RecordProducer;

beforeAll(async () => {
  producer = createProducer(await testKafka());
  away = createProducer({ brokers: ['127.0.0.1:1'], clientId: 'gateway-test' });
}, 900_000);

afterAll(async () => {
  await Promise.all([producer?.close(), away?.close(0)]);
});

const build = () =>
  webhookRecord({
    webhookId: '01980000-0000-7000-8000-000000000001',
    source: 'ops-alert',
    path: '/agent/ops-alert-webhook',
    status: 403,
    reason: 'signature_invalid',
    address: '127.0.0.1',
    receivedAtMs: 0,
    decidedMs: 0,
    headers: {},
    sizeBytes: 0,
  });

const recorderOf = (through: RecordProducer, deadlineMs = 5_000) => {
  const counts = { written: 0, failed: 0, skipped: 0 };
  const clock = { nowMs: 0 };
  const recorder = new RefusalRecorder(
    new Publisher(through, deadlineMs),
    (outcome) => (counts[outcome] += 1),
    () => clock.nowMs,
  );
  const flood = (count: number): void => {
    for (let n = 0; n < count; n += 1) recorder.record(build);
  };
  return { counts, clock, flood };
};

describe('RefusalRecorder', () => {
  it('writes a burst of 200, then 100 a second, and counts the rest', async () => {
    const { counts, clock, flood } = recorderOf(producer);
    flood(250);
    expect(counts.skipped).toBe(50);
    await eventually(() => Promise.resolve(counts.written === 200));
    clock.nowMs += 1_000;
    flood(250);
    expect(counts.skipped).toBe(50 + 250 - refusalsPerSecondMax);
    await eventually(() => Promise.resolve(counts.written === 200 + refusalsPerSecondMax));
    expect(counts.failed).toBe(0);
  });

  it('takes a clock that steps back for no time at all', () => {
    const { counts, clock, flood } = recorderOf(producer);
    flood(200);
    clock.nowMs = -60_000;
    flood(10);
    expect(counts.skipped).toBe(10);
  });

  it('gives up without Kafka and is free again', async () => {
    const { counts, clock, flood } = recorderOf(away, 300);
    flood(200);
    await eventually(() => Promise.resolve(counts.failed === 200));
    clock.nowMs += 10_000;
    flood(1);
    await eventually(() => Promise.resolve(counts.failed === 201));
    expect(counts).toEqual({ written: 0, failed: 201, skipped: 0 });
  });
});
