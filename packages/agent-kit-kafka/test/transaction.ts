import { Kafka, logLevel } from 'kafkajs';
import type { KafkaConnectionOptions } from '../src/connection.js';
import { uniqueName } from './kafka.js';

async function inTransaction(
  connection: KafkaConnectionOptions,
  topic: string,
  values: readonly string[],
  end: 'commit' | 'abort',
): Promise<void> {
  const kafka = new Kafka({ brokers: [...connection.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    transactionalId: uniqueName('transaction'),
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: () => () => 0,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: values.map((value) => ({ key: 'key', value })) });
  await transaction[end]();
  await producer.disconnect();
}

/** Leaves records on partition 0 that no committed reader sees, and a marker behind them. */
export const abortedTransaction = (
  connection: KafkaConnectionOptions,
  topic: string,
  values: readonly string[],
) => inTransaction(connection, topic, values, 'abort');

/** Records on partition 0 with a commit marker behind them. */
export const committedTransaction = (
  connection: KafkaConnectionOptions,
  topic: string,
  values: readonly string[],
) => inTransaction(connection, topic, values, 'commit');
