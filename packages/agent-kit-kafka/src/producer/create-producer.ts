import {
  partitionOf,
  type OutgoingRecord,
  type RecordProducer,
  type TopicPartition,
} from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { AdminClient } from '../admin-client.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { kafkaErrorText } from '../kafkajs-errors.js';
import type { KafkaLogger } from '../log-bridge.js';
import { Lane, type LaneLimits, type LanePorts } from './lane.js';
import { PartitionCounts } from './partition-counts.js';
import { ProducerClient } from './producer-client.js';
import { SendCall } from './send-call.js';
import { SharedRequests } from './shared-requests.js';

export interface ProducerOptions {
  readonly logger?: KafkaLogger;
  /** Largest batch of several records, in bytes; keep it below the topics' max.message.bytes. Default 900,000. */
  readonly batchBytesMax?: number;
  /** Records of one batch. Default 500. */
  readonly batchRecordsMax?: number;
  /** Bytes of all records not yet settled; above it `send` rejects at once, unsent. Default 64 MiB. */
  readonly queuedBytesMax?: number;
  /** How long a topic may be unknown before its records are refused, in milliseconds. Default 5,000. */
  readonly unknownTopicMs?: number;
}

const deadlineMsDefault = 30_000;
const drainMsDefault = 5_000;
const queuedBytesMaxDefault = 64 * 1024 * 1024;

class KafkaProducer implements RecordProducer {
  private readonly lanes = new Map<string, Map<number, Lane>>();
  private readonly calls = new Set<SendCall>();
  private readonly client: ProducerClient;
  private readonly admin: AdminClient;
  private readonly counts: PartitionCounts;
  private readonly requests: SharedRequests;
  private readonly limits: LaneLimits;
  private readonly queuedBytesMax: number;
  private readonly wakeUps = new Set<() => void>();
  private readonly onDrained = new Set<() => void>();
  private queuedBytes = 0;
  private closing: Promise<void> | undefined;

  constructor(connection: KafkaConnectionOptions, options: ProducerOptions) {
    this.client = new ProducerClient(connection, options.logger);
    this.admin = new AdminClient(connection, options.logger);
    this.counts = new PartitionCounts(this.admin);
    this.requests = new SharedRequests({
      attempt: (parcels) => this.client.attempt(parcels),
      leaderOf: (to) => this.counts.leaderOf(to),
    });
    this.queuedBytesMax = options.queuedBytesMax ?? queuedBytesMaxDefault;
    this.limits = {
      batchBytesMax: options.batchBytesMax ?? 900_000,
      batchRecordsMax: options.batchRecordsMax ?? 500,
      unknownTopicMs: options.unknownTopicMs ?? 5_000,
    };
  }

  get inFlight(): number {
    return this.calls.size;
  }

  async connect(): Promise<void> {
    try {
      await this.client.connect();
    } catch (error) {
      const message = `No broker could be reached: ${kafkaErrorText(error)}.`;
      throw new SignalboxError('broker_unavailable', message, { cause: error });
    }
  }

  send(
    to: TopicPartition,
    records: readonly OutgoingRecord[],
    options: { deadlineMs?: number } = {},
  ): Promise<void> {
    if (this.closing)
      return Promise.reject(new SignalboxError('broker_unavailable', 'The producer is closed.'));
    if (records.length === 0) return Promise.resolve();
    const call = new SendCall(to, records, options.deadlineMs ?? deadlineMsDefault, this.forget);
    this.calls.add(call);
    if (this.queuedBytes + call.bytes > this.queuedBytesMax) {
      call.unavailable(`${this.queuedBytes} bytes wait already, nothing was sent`);
    } else {
      this.queuedBytes += call.bytes;
      this.laneOf(to).push(call.items);
    }
    return call.result;
  }

  partitionCount(topic: string): Promise<number> {
    return this.counts.get(topic);
  }

  async partitionFor(topic: string, key: Buffer): Promise<number> {
    return partitionOf(key, await this.counts.get(topic));
  }

  close(drainMs = drainMsDefault): Promise<void> {
    this.closing ??= this.drain(drainMs);
    return this.closing;
  }

  private async drain(drainMs: number): Promise<void> {
    if (this.calls.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, drainMs);
        this.onDrained.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    for (const call of [...this.calls]) call.unavailable('the producer was closed');
    for (const wakeUp of this.wakeUps) wakeUp();
    await Promise.all([this.client.close(), this.admin.close()]);
  }

  private readonly forget = (call: SendCall): void => {
    this.calls.delete(call);
    if (this.calls.size === 0) for (const drained of this.onDrained) drained();
  };

  private laneOf(to: TopicPartition): Lane {
    let ofTopic = this.lanes.get(to.topic);
    if (!ofTopic) this.lanes.set(to.topic, (ofTopic = new Map()));
    let lane = ofTopic.get(to.partition);
    if (!lane) {
      lane = new Lane({ topic: to.topic, partition: to.partition }, this.limits, this.ports);
      ofTopic.set(to.partition, lane);
    }
    return lane;
  }

  private readonly ports: LanePorts = {
    attempt: (to, items) => this.requests.attempt(to, items),
    nowMs: () => performance.now(),
    released: (items) => {
      for (const item of items) this.queuedBytes -= item.bytes;
    },
    pause: (ms) =>
      new Promise((resolve) => {
        const wakeUp = () => {
          clearTimeout(timer);
          this.wakeUps.delete(wakeUp);
          resolve();
        };
        const timer = setTimeout(wakeUp, ms);
        this.wakeUps.add(wakeUp);
      }),
  };
}

/**
 * A producer whose records reach Kafka in order, acknowledged by all replicas in sync. Connects by itself with the
 * first record. A call with several records settles when each of them is settled: on `broker_refused` the error's
 * pointers (`/<index>`) name the refused ones, at most 50, and the others are written.
 */
export function createProducer(
  connection: KafkaConnectionOptions,
  options: ProducerOptions = {},
): RecordProducer {
  return new KafkaProducer(connection, options);
}
