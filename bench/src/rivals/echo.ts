import { Kafka, logLevel } from 'kafkajs';
import { rivalSettings, wireTopic } from '../harness/settings.js';

/** The yardstick of the `latency` bench: raw kafkajs that passes each record on to a second topic, acks=all. */
const kafka = new Kafka({
  clientId: 'echo',
  brokers: [...rivalSettings.KAFKA_BROKERS],
  logLevel: logLevel.NOTHING,
});
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: wireTopic('echo'), maxWaitTimeInMs: 100 });

async function main(): Promise<void> {
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic: wireTopic('in'), fromBeginning: true });
  consumer.on('consumer.group_join', () => process.send?.({ kind: 'ready' }));
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const messages = batch.messages.map(({ key, value }) => ({ key, value }));
      await producer.send({ topic: wireTopic('out'), acks: -1, messages });
    },
  });
}

process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));
void main();
