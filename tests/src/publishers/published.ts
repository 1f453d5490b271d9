import { randomUUID } from 'node:crypto';
import { applyTopics, createInspector, createProducer } from '@signalbox/agent-kit-kafka';
import { checkEvent, decodeEvent, userSignedUp, type EventEnvelope } from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { runProgram, type Program } from './programs.js';

/** What one run of a program left on its topic. */
export interface Published {
  readonly event: EventEnvelope;
  readonly key: string;
  readonly partition: number;
  /** Where our own publisher puts an event of this key. */
  readonly ourPartition: number;
}

/** Runs a program against a topic of its own with twelve partitions, so that another partitioner is seen. */
export async function publishedBy(program: Program): Promise<Published> {
  const { kafkaBrokers } = await testStack();
  const connection = { brokers: kafkaBrokers, clientId: 'publishers-test' };
  const topic = `publishers-test.${randomUUID()}`;
  const spec = { topic, retentionMs: 3_600_000, maxMessageBytes: 1_048_576 };
  await applyTopics(connection, [spec], { partitions: 12, replication: 1 });
  const inspector = createInspector(connection);
  const producer = createProducer(connection);
  try {
    await producer.connect();
    await runProgram(program, { KAFKA_BROKERS: kafkaBrokers.join(','), TOPIC: topic });
    const filled = [...(await inspector.offsets(topic))].filter(([, { end }]) => end > 0n);
    expect(filled).toHaveLength(1);
    const [[partition, { low }]] = filled as [(typeof filled)[number]];
    const record = await inspector.recordAt({ topic, partition }, low);
    if (!record) throw new Error('the record is gone');
    const event = decodeEvent(record);
    checkEvent(userSignedUp, event);
    const key = record.key ?? Buffer.alloc(0);
    const ourPartition = await producer.partitionFor(topic, key);
    return { event, key: key.toString('utf8'), partition, ourPartition };
  } finally {
    await producer.close();
    await inspector.close();
  }
}

/** Holds a program to what the guide says of it. */
export function itPublishes(name: string, program: Program): void {
  it(`${name}: an event that every agent reads, where the Java client would put it`, async () => {
    const { event, key, partition, ourPartition } = await publishedBy(program);
    const language = name.toLowerCase();
    expect(event).toMatchObject({
      data: { user_id: `usr-${language}-1`, signup_source: language },
      metadata: { source_service: `${language}-example` },
    });
    expect(key).toBe(`usr-${language}-1`);
    expect(partition).toBe(ourPartition);
  }, 300_000);
}

/** Takes as long as the client waits for a broker by default: up to a minute. */
export function itFailsLoudly(name: string, program: Program): void {
  it(`${name}: fails loudly when Kafka is not there`, async () => {
    const away = { KAFKA_BROKERS: '127.0.0.1:9', TOPIC: 'none' };
    await expect(runProgram({ ...program, prepare: [] }, away)).rejects.toThrow();
  }, 120_000);
}
