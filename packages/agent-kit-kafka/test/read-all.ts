import { Kafka, logLevel } from 'kafkajs';
import { registerCodecs } from '../src/codecs/register.js';
import type { KafkaConnectionOptions } from '../src/connection.js';
import { uniqueName, until } from './kafka.js';

export interface ReadRecord {
  readonly partition: number;
  readonly offset: string;
  readonly value: string;
}

/** Reads the first `count` records of a topic with a plain kafkajs consumer, independent of the code under test. */
export async function readAll(
  connection: KafkaConnectionOptions,
  topic: string,
  enough: (records: readonly ReadRecord[]) => boolean,
): Promise<ReadRecord[]> {
  registerCodecs();
  const kafka = new Kafka({ brokers: [...connection.brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: uniqueName('read-all'), maxWaitTimeInMs: 50 });
  const records: ReadRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      records.push({ partition, offset: message.offset, value: message.value?.toString() ?? 'null' });
    },
  });
  try {
    await until(() => enough(records), `records of ${topic}`);
  } finally {
    await consumer.disconnect();
  }
  return records;
}
