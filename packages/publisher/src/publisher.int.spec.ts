import { randomUUID } from 'node:crypto';
import type { RecordProducer } from '@signalbox/agent-kit';
import { applyTopics, createInspector, createProducer } from '@signalbox/agent-kit-kafka';
import { decodeEvent, usageRecorded, type Contract } from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { createPublisher } from './publisher.js';

type Usage = typeof usageRecorded.example;
const suffix = randomUUID().slice(0, 8);
/** The contract of `usage.recorded` on a topic of this test's own. */
const contract: Contract<string, Usage> = { ...usageRecorded, topic: `publisher-test.${suffix}` };
const connection = { brokers: [] as readonly string[], clientId: 'publisher-test' };
let producer: RecordProducer;

beforeAll(async () => {
  connection.brokers = (await testStack()).kafkaBrokers;
  const spec = { topic: contract.topic, retentionMs: 3_600_000, maxMessageBytes: 1_048_576 };
  await applyTopics(connection, [spec], { partitions: 3, replication: 1 });
  producer = createProducer(connection);
  await producer.connect();
});

afterAll(() => producer.close());

describe('on a real Kafka', () => {
  it('keeps each key in one partition and in order, readable by the codec', async () => {
    const publisher = createPublisher({ producer, sourceService: 'product-analytics' });
    const users = ['anna', 'ben', 'carla', 'dmitri', 'eve'];
    const events = Array.from({ length: 50 }, (_, n) => ({
      contract,
      data: { ...usageRecorded.example, user_id: users[n % 5] as string, quantity: n },
    }));
    const published = await publisher.publishMany(events);
    const last = await publisher.publish(contract, {
      ...usageRecorded.example,
      user_id: 'anna',
      quantity: 50,
    });

    const inspector = createInspector(connection);
    try {
      const seen = new Map<string, { partition: number; quantities: number[] }>();
      for (const [partition, { low, end }] of await inspector.offsets(contract.topic)) {
        for (let offset = low; offset < end; offset += 1n) {
          const record = await inspector.recordAt({ topic: contract.topic, partition }, offset);
          if (!record) throw new Error(`no record at ${partition}:${offset}`);
          const { data, metadata } = decodeEvent(record) as {
            data: Usage;
            metadata: { source_service: string };
          };
          expect(metadata.source_service).toBe('product-analytics');
          expect(record.key?.toString()).toBe(data.user_id);
          const user = seen.get(data.user_id) ?? { partition, quantities: [] };
          expect(user.partition).toBe(partition);
          user.quantities.push(data.quantity);
          seen.set(data.user_id, user);
        }
      }
      expect(seen.get('anna')?.quantities).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
      expect([...seen.values()].flatMap(({ quantities }) => quantities)).toHaveLength(51);
      for (const { key, partition } of [...published, last]) expect(seen.get(key)?.partition).toBe(partition);
    } finally {
      await inspector.close();
    }
  });
});
