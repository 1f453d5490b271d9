import type { IncomingRecord } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { PartitionAssigners, type Cluster } from 'kafkajs';
import Batch from 'kafkajs/src/consumer/batch';
import { createKafka, type KafkaConnectionOptions } from '../connection.js';
import { toIncomingRecord } from '../incoming-record.js';
import { kafkaErrorText, kafkaErrorType } from '../kafkajs-errors.js';
import type { KafkaLogger } from '../log-bridge.js';

export interface Slice {
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  /** Where to read on. Equal to the offset asked for when there was nothing. */
  readonly nextOffset: bigint;
}

export interface FetchLimits {
  /** How long the broker may wait for the first record, in milliseconds. */
  readonly waitMs: number;
  readonly bytesMax: number;
}

interface Answer {
  readonly responses: readonly {
    readonly partitions: readonly { readonly partition: number }[];
  }[];
}

const requestTimeoutMs = 10_000;
const partitionBytesMax = 1024 * 1024;
/** Committed records only, as the agents read. */
const readCommitted = 1;
const attemptsMax = 3;
const pauseMs = 200;

/**
 * Reads offsets and records without a consumer group. kafkajs shows its cluster, the way to a broker's plain requests,
 * only to partition assigners, so this takes it there; the consumer it comes from is never run.
 */
export class LogReader {
  private client: { cluster: Cluster; connected: Promise<void> } | undefined;

  constructor(
    private readonly connection: KafkaConnectionOptions,
    private readonly logger?: KafkaLogger,
  ) {}

  async partitions(topic: string): Promise<number[]> {
    return this.attempt(`the partitions of ${topic}`, async (cluster) => {
      await cluster.addTargetTopic(topic);
      return cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => partitionId)
        .sort((a, b) => a - b);
    });
  }

  /** Offsets at a place in the log: its start, its end, or the first record at or after a time (end: none). */
  async offsets(
    topic: string,
    partitions: readonly number[],
    place: 'start' | 'end' | { readonly timeMs: number },
  ): Promise<Map<number, bigint>> {
    const where =
      typeof place === 'object' ? { fromTimestamp: place.timeMs } : { fromBeginning: place === 'start' };
    return this.attempt(`offsets of ${topic}`, async (cluster) => {
      await cluster.addTargetTopic(topic);
      const wanted = partitions.map((partition) => ({ partition }));
      const [answer] = await cluster.fetchTopicsOffset([{ topic, partitions: wanted, ...where }]);
      const offsets = new Map(answer?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      const missing = partitions.find((partition) => !offsets.has(partition));
      if (missing !== undefined)
        throw new SignalboxError('broker_unavailable', `no leader answered for partition ${missing}`);
      return offsets;
    });
  }

  /** One fetch from each partition's offset. Partitions with nothing to read are in the result as well. */
  async fetch(topic: string, from: ReadonlyMap<number, bigint>, limits: FetchLimits): Promise<Slice[]> {
    return this.attempt(`records of ${topic}`, async (cluster) => {
      await cluster.addTargetTopic(topic);
      const leaders = cluster.findLeaderForPartitions(topic, [...from.keys()]);
      const answers = await Promise.all(
        Object.entries(leaders).map(([nodeId, partitions]) =>
          fetchFrom(
            cluster,
            nodeId,
            topic,
            new Map(partitions.map((id) => [Number(id), from.get(Number(id)) ?? 0n])),
            limits,
          ),
        ),
      );
      return answers.flat();
    });
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.connected.catch(() => undefined);
    await client?.cluster.disconnect().catch(() => undefined);
  }

  /** Leaders move and connections close: a few attempts, each with a new client. */
  private async attempt<T>(what: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      const client = (this.client ??= this.open());
      try {
        await client.connected;
        return await work(client.cluster);
      } catch (error) {
        if (this.client === client) this.client = undefined;
        void client.cluster.disconnect().catch(() => undefined);
        if (kafkaErrorType(error) === 'OFFSET_OUT_OF_RANGE') throw error;
        if (attempts < attemptsMax) {
          await new Promise((resolve) => setTimeout(resolve, pauseMs * attempts));
          continue;
        }
        const message = `Kafka did not give ${what}: ${kafkaErrorText(error)}.`;
        throw new SignalboxError('broker_unavailable', message, { cause: error });
      }
    }
  }

  private open(): { cluster: Cluster; connected: Promise<void> } {
    const kafka = createKafka(this.connection, { logger: this.logger, requestTimeoutMs, retries: 2 });
    let captured: Cluster | undefined;
    kafka.consumer({
      groupId: 'never-joined',
      allowAutoTopicCreation: false,
      metadataMaxAge: 30_000,
      partitionAssigners: [
        (config) => {
          captured = config.cluster;
          return PartitionAssigners.roundRobin(config);
        },
      ],
    });
    if (!captured) throw new SignalboxError('internal', 'kafkajs no longer shows its cluster to assigners.');
    const connected = captured.connect();
    connected.catch(() => undefined);
    return { cluster: captured, connected };
  }
}

async function fetchFrom(
  cluster: Cluster,
  nodeId: string,
  topic: string,
  from: ReadonlyMap<number, bigint>,
  limits: FetchLimits,
): Promise<Slice[]> {
  const broker = await cluster.findBroker({ nodeId });
  const answer = (await broker.fetch({
    isolationLevel: readCommitted,
    maxWaitTime: limits.waitMs,
    minBytes: 1,
    maxBytes: limits.bytesMax,
    topics: [
      {
        topic,
        partitions: [...from].map(([partition, offset]) => ({
          partition,
          fetchOffset: offset.toString(),
          maxBytes: partitionBytesMax,
        })),
      },
    ],
  })) as Answer;
  return answer.responses.flatMap(({ partitions }) =>
    partitions.map((data) => {
      const offset = from.get(data.partition) ?? 0n;
      const batch = new Batch(topic, offset.toString(), data);
      const isEmpty = batch.rawMessages.length === 0;
      return {
        partition: data.partition,
        records: batch.messages.map(toIncomingRecord),
        nextOffset: isEmpty ? offset : BigInt(batch.lastOffset()) + 1n,
      };
    }),
  );
}
