import { CompressionTypes, type Message, type Producer, type TopicMessages } from 'kafkajs';
import { ClientSockets } from '../client-sockets.js';
import { createKafka, retrySettings, type KafkaConnectionOptions } from '../connection.js';
import { kafkaErrorType } from '../kafkajs-errors.js';
import type { KafkaLogger } from '../log-bridge.js';
import { outcomeOf, type Outcome } from './outcome.js';
import type { Parcel } from './shared-requests.js';
import { useProduceEncoder } from './use-produce-encoder.js';

const requestTimeoutMs = 10_000;
/** How long the broker waits for its replicas. */
const acknowledgeTimeoutMs = 8_000;
/** Above every timeout inside: an attempt that takes longer hangs in kafkajs, and its client is thrown away. */
const attemptMsMax = 30_000;
const failuresBeforeNewClient = 5;

interface Client {
  readonly producer: Producer;
  readonly sockets: ClientSockets;
  readonly connected: Promise<void>;
  users: number;
  retired: boolean;
}

const explicitPartition = () => (args: { message: { partition?: number } }) => args.message.partition ?? 0;

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

function messagesByTopic(parcels: readonly Parcel[]): TopicMessages[] {
  const byTopic = new Map<string, Message[]>();
  for (const { to, items } of parcels) {
    const messages = byTopic.get(to.topic) ?? [];
    byTopic.set(to.topic, messages);
    for (const { message } of items) messages.push(message);
  }
  return Array.from(byTopic, ([topic, messages]) => ({ topic, messages }));
}

/** The address to begin with comes first; the others follow in their order. */
const beginningAt = (addresses: readonly string[], at: number): string[] => {
  const first = at % addresses.length;
  return [...addresses.slice(first), ...addresses.slice(0, first)];
};

/**
 * Holds the kafkajs producer, and replaces it when it went bad: kafkajs keeps every topic it ever sent to, and once one
 * of them is deleted each metadata refresh fails for all the others too; and after a broker that fell silent it asks
 * nobody who leads now, but the same broker again.
 */
export class ProducerClient {
  private client: Client | undefined;
  private readonly ending = new Set<Promise<void>>();
  private failures = 0;
  /** Each client begins with another broker than the one before: that one may be why it was replaced. */
  private clients = 0;

  constructor(
    private readonly connection: KafkaConnectionOptions,
    private readonly logger?: KafkaLogger,
  ) {}

  /** Connects now instead of with the first record. Rejects with the error of kafkajs. */
  async connect(): Promise<void> {
    await this.current().connected;
  }

  /** One attempt, in one request for each broker; never rejects. */
  async attempt(parcels: readonly Parcel[]): Promise<Outcome> {
    const client = this.current();
    client.users += 1;
    const outcome = await this.withinLimit(client, this.sendOnce(client, parcels));
    client.users -= 1;
    this.failures = outcome.kind === 'unavailable' ? this.failures + 1 : 0;
    if (outcome.kind === 'unknown_topic' || this.failures >= failuresBeforeNewClient) this.retire(client);
    if (client.retired && client.users === 0) void this.disconnect(client);
    return outcome;
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) void this.disconnect(client);
    await Promise.all(this.ending);
  }

  private current(): Client {
    if (this.client) return this.client;
    useProduceEncoder();
    const sockets = new ClientSockets(this.connection.route);
    const brokers = beginningAt(this.connection.brokers, this.clients);
    this.clients += 1;
    const kafka = createKafka(
      { ...this.connection, brokers },
      {
        sockets,
        logger: this.logger,
        requestTimeoutMs,
        retries: 1,
      },
    );
    const producer = kafka.producer({
      createPartitioner: explicitPartition,
      idempotent: false,
      allowAutoTopicCreation: false,
      // Our own lanes try again, so that each attempt's end is known.
      retry: retrySettings(0),
    });
    const client: Client = { producer, sockets, connected: producer.connect(), users: 0, retired: false };
    // A failed connect is thrown away, or every later send would fail with it.
    client.connected.catch(() => this.retire(client));
    this.client = client;
    return client;
  }

  private async sendOnce(client: Client, parcels: readonly Parcel[]): Promise<Outcome> {
    try {
      await client.connected;
    } catch (error) {
      const outcome = outcomeOf(error);
      return outcome.kind === 'unavailable' ? { ...outcome, ambiguous: false } : outcome;
    }
    try {
      const answers = await client.producer.sendBatch({
        acks: -1,
        timeout: acknowledgeTimeoutMs,
        compression: CompressionTypes.None,
        topicMessages: messagesByTopic(parcels),
      });
      // kafkajs resolves without having sent anything when its metadata lacks the partition.
      const taken = new Set(answers.map((answer) => placeOf(answer.topicName, answer.partition)));
      const left = parcels.find(({ to }) => !taken.has(placeOf(to.topic, to.partition)));
      if (!left) return { kind: 'written' };
      return { kind: 'unknown_topic', reason: `${left.to.topic} has no partition ${left.to.partition}` };
    } catch (error) {
      if (kafkaErrorType(error) === 'KafkaJSRequestTimeoutError') this.retire(client);
      return outcomeOf(error);
    }
  }

  private async withinLimit(client: Client, sending: Promise<Outcome>): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => {
        this.retire(client);
        resolve({ kind: 'unavailable', ambiguous: true, reason: `no answer within ${attemptMsMax} ms` });
      }, attemptMsMax);
    });
    return Promise.race([sending, limit]).finally(() => clearTimeout(timer));
  }

  private retire(client: Client): void {
    client.retired = true;
    this.failures = 0;
    if (this.client === client) this.client = undefined;
  }

  private disconnect(client: Client): Promise<void> {
    const connected = client.connected.catch(() => undefined);
    const end = client.sockets
      .close(() => connected.then(() => client.producer.disconnect()))
      .finally(() => this.ending.delete(end));
    this.ending.add(end);
    return end;
  }
}
