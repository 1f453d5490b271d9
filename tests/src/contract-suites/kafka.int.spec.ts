import { applyTopics, createConsumer, createInspector, createProducer } from '@signalbox/agent-kit-kafka';
import { testStack } from '@signalbox/local-stack';
import {
  MemoryBroker,
  MemoryConsumer,
  MemoryInspector,
  MemoryProducer,
  VirtualClock,
} from '@signalbox/test-kit';
import { randomBytes, randomUUID } from 'node:crypto';
import { recordBytesMax, type BrokerFactory } from './kafka/broker.js';
import { consumerContract } from './kafka/consumer.js';
import { inspectorContract } from './kafka/inspector.js';
import { producerContract } from './kafka/producer.js';

function brokerContract(title: string, make: () => Promise<BrokerFactory>): void {
  describe(`the broker's contract: ${title}`, () => {
    let factory: BrokerFactory;
    const broker = (): BrokerFactory => factory;
    beforeAll(async () => {
      factory = await make();
      await factory.producer.connect();
    });
    afterAll(() => factory.close());

    describe('producer', () => producerContract(broker));
    describe('inspector', () => inspectorContract(broker));
    describe('consumer', () => consumerContract(broker));
  });
}

const topicName = (): string => `topic-${randomUUID().slice(0, 8)}`;

brokerContract('in memory', async () => {
  const broker = new MemoryBroker({ clock: new VirtualClock(), agents: [] });
  return {
    topic: async (partitions) => {
      const topic = topicName();
      broker.createTopic(topic, partitions);
      return topic;
    },
    producer: new MemoryProducer(broker),
    inspector: new MemoryInspector(broker),
    consumer: () => new MemoryConsumer(broker),
    close: async () => undefined,
  };
});

brokerContract('Kafka', async () => {
  const { kafkaBrokers: brokers } = await testStack();
  const namespace = `c${randomBytes(5).toString('hex')}`;
  const connection = { brokers, clientId: namespace, namespace };
  const [producer, inspector] = [createProducer(connection), createInspector(connection)];
  return {
    topic: async (partitions) => {
      const spec = { topic: topicName(), retentionMs: 3_600_000, maxMessageBytes: recordBytesMax };
      await applyTopics(connection, [spec], { partitions, replication: 1 });
      return spec.topic;
    },
    producer,
    inspector,
    consumer: () => createConsumer(connection, { sessionTimeoutMs: 6_000 }),
    close: async () => {
      await Promise.all([producer.close(), inspector.close()]);
    },
  };
});
