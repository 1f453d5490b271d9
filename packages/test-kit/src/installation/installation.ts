import type { IncomingRecord, RecordProducer } from '@signalbox/agent-kit';
import {
  applyTopics,
  createInspector,
  createProducer,
  type KafkaInspector,
  type NamespacedConnection,
} from '@signalbox/agent-kit-kafka';
import { createDatabase } from '@signalbox/agent-kit-postgres';
import {
  agentTopics,
  catalogueTopics,
  decodeEvent,
  encodeEvent,
  keyOf,
  type AnyContract,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { randomBytes } from 'node:crypto';
import { eventually } from './eventually.js';

export interface InstallationOptions {
  /** Agents whose own topics are made besides those of the catalogue. */
  readonly agents?: readonly string[];
  /** Partitions of every topic, default 2. */
  readonly partitions?: number;
  /** Another Kafka than the shared one, for instance a cluster that loses brokers. */
  readonly kafkaBrokers?: readonly string[];
  /** Copies of every partition, default 1. */
  readonly replication?: number;
}

/** An installation of its own on the shared test stack: topics and groups in a namespace, a database of its own. */
export class Installation {
  private readonly inspectors: KafkaInspector[] = [];

  private constructor(
    readonly connection: NamespacedConnection,
    readonly databaseUrl: string,
    readonly producer: RecordProducer,
  ) {}

  static async open(options: InstallationOptions = {}): Promise<Installation> {
    const { agents = [], partitions = 2, replication = 1 } = options;
    const { kafkaBrokers: shared, databaseUrl } = await testStack();
    const kafkaBrokers = options.kafkaBrokers ?? shared;
    const namespace = `t${randomBytes(5).toString('hex')}`;
    const connection = { brokers: kafkaBrokers, clientId: namespace, namespace };
    const topics = [...catalogueTopics(), ...agents.flatMap(agentTopics)];
    await applyTopics(connection, topics, { partitions, replication });
    const database = await createDatabase(databaseUrl, namespace);
    const producer = createProducer(connection);
    await producer.connect();
    return new Installation(connection, database, producer);
  }

  /** Environment of an app in this installation; it listens on a free port. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      KAFKA_BROKERS: this.connection.brokers.join(','),
      KAFKA_NAMESPACE: this.connection.namespace as string,
      DATABASE_URL: this.databaseUrl,
      PORT: '0',
      LOG_LEVEL: 'error',
      ...more,
    };
  }

  /** Publishes an event as a foreign service would and returns its envelope. */
  async publish<C extends AnyContract>(
    contract: C,
    data: DataOf<C>,
    more: Partial<EventEnvelope> = {},
  ): Promise<EventEnvelope> {
    const eventId = more.event_id ?? `test-${randomBytes(8).toString('hex')}`;
    const event: EventEnvelope = {
      event_id: eventId,
      event_type: contract.type,
      timestamp: new Date().toISOString(),
      data,
      metadata: { source_service: 'test', correlation_id: eventId },
      ...more,
    };
    const key = keyOf(contract, data);
    const { value, headers } = encodeEvent(event, { key });
    await this.send(contract.topic, { key: Buffer.from(key), value, headers });
    return event;
  }

  /** Writes a record as it is. */
  async send(
    topic: string,
    record: { key: Buffer | null; value: Buffer | null; headers: Record<string, string> },
  ): Promise<void> {
    const partition = await this.producer.partitionFor(topic, record.key ?? Buffer.alloc(0));
    await this.producer.send({ topic, partition }, [record]);
  }

  /** Everything a topic holds now. */
  async records(topic: string): Promise<IncomingRecord[]> {
    const inspector = createInspector(this.connection);
    this.inspectors.push(inspector);
    const records: IncomingRecord[] = [];
    for await (const record of inspector.readTopic(topic)) records.push(record);
    return records;
  }

  /** The events a contract's topic holds now, each id once. */
  async events<C extends AnyContract>(contract: C): Promise<EventEnvelope<DataOf<C>>[]> {
    const all = (await this.records(contract.topic)).map(
      (record) => decodeEvent(record) as EventEnvelope<DataOf<C>>,
    );
    return [
      ...new Map(
        all.filter(({ event_type }) => event_type === contract.type).map((event) => [event.event_id, event]),
      ).values(),
    ];
  }

  /** Waits until a contract's topic holds at least `count` events (by id), and returns them. */
  eventsEventually<C extends AnyContract>(contract: C, count: number): Promise<EventEnvelope<DataOf<C>>[]> {
    return eventually(
      () => this.events(contract),
      (events) => events.length >= count,
      `${count} events on ${contract.topic}`,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.inspectors.map((inspector) => inspector.close()));
    await this.producer.close();
  }
}
