import type { RecordProducer } from '@signalbox/agent-kit';
import type { KafkaConnectionOptions } from '../src/connection.js';
import type { ConsumerOptions } from '../src/consumer/create-consumer.js';
import { createProducer } from '../src/producer/create-producer.js';
import { at, record, testConnection } from './kafka.js';
import { RecordingMember } from './recording-member.js';

export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => String(from + n));

/** What the consumer tests of one file share: a producer, and members that are stopped after each test. */
export class ConsumerBench {
  private readonly members: RecordingMember[] = [];

  private constructor(
    readonly connection: KafkaConnectionOptions,
    private readonly producer: RecordProducer,
  ) {}

  static async open(): Promise<ConsumerBench> {
    const connection = await testConnection();
    return new ConsumerBench(connection, createProducer(connection));
  }

  member(options?: ConsumerOptions, connection = this.connection): RecordingMember {
    const made = new RecordingMember(connection, options);
    this.members.push(made);
    return made;
  }

  write(topic: string, values: readonly string[], partition = 0): Promise<void> {
    return this.producer.send(
      at(topic, partition),
      values.map((value) => record(value)),
    );
  }

  async stopMembers(): Promise<void> {
    await Promise.all(this.members.splice(0).map(({ consumer }) => consumer.stop()));
  }

  async close(): Promise<void> {
    await this.stopMembers();
    await this.producer.close();
  }
}
