import type { TopicPartition } from '@signalbox/agent-kit';
import { testStack } from '@signalbox/local-stack';
import { randomUUID } from 'node:crypto';
import { AdminClient } from '../src/admin-client.js';
import type { KafkaConnectionOptions } from '../src/connection.js';
import { waitForLeaders } from '../src/topics/topic-leaders.js';

const LEADERS_WITHIN_MS = 30_000;

/** Connection to the test broker. */
export async function testConnection(clientId = 'agent-kit-kafka-test'): Promise<KafkaConnectionOptions> {
  const { kafkaBrokers } = await testStack();
  return { brokers: kafkaBrokers, clientId };
}

export const uniqueName = (prefix: string): string => `${prefix}.${randomUUID().slice(0, 8)}`;

/** Creates a topic and waits for its leaders. */
export async function makeTopic(
  connection: KafkaConnectionOptions,
  topic: string,
  partitions = 1,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  await withAdmin(connection, (admin) =>
    admin.use(async (client) => {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      const spec = { topic, numPartitions: partitions, replicationFactor: 1, configEntries };
      // kafkajs's own wait gives up where the broker does not know the new topic yet.
      await client.createTopics({ waitForLeaders: false, topics: [spec] });
      await waitForLeaders(client, [topic], LEADERS_WITHIN_MS, partitions);
    }),
  );
  return topic;
}

export async function deleteTopic(connection: KafkaConnectionOptions, topic: string): Promise<void> {
  await withAdmin(connection, (admin) => admin.use((client) => client.deleteTopics({ topics: [topic] })));
  await until(
    async () => !(await withAdmin(connection, (a) => a.use((c) => c.listTopics()))).includes(topic),
  );
}

export async function withAdmin<T>(
  connection: KafkaConnectionOptions,
  work: (admin: AdminClient) => Promise<T>,
): Promise<T> {
  const admin = new AdminClient(connection);
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** Polls a condition; rejects after the limit with what it waited for. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = 'the condition',
  limitMs = 60_000,
): Promise<void> {
  const untilMs = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > untilMs) throw new Error(`Waited ${limitMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const record = (value: string, key = 'key') => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
  headers: {},
});

export const at = (topic: string, partition = 0): TopicPartition => ({ topic, partition });
