import type { IncomingRecord } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { Cluster } from 'kafkajs';
import Batch from 'kafkajs/src/consumer/batch';
import type { KafkaConnectionOptions } from '../connection.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { toIncomingRecord } from '../incoming-record.js';
import { kafkaErrorText, kafkaErrorType } from '../kafkajs-errors.js';
import type { KafkaLogger } from '../log-bridge.js';
import { ClusterClient } from './cluster-client.js';

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

const partitionBytesMax = 1024 * 1024;
/** Committed records only, as the agents read. */
const readCommitted = 1;
const attemptsMax = 3;
const pauseMs = 200;
/** Errors for which kafkajs forgets the topics of the call again. */
const ofOneTopic: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
]);

/** Reads offsets and records without a consumer group. */
export class LogReader {
  private readonly client: ClusterClient;

  constructor(connection: KafkaConnectionOptions, logger?: KafkaLogger) {
    this.client = new ClusterClient(connection, logger);
  }

  /** Asks about all topics in one request. What is wrong with one of them is told to whoever asks about that one. */
  async connect(topics: readonly string[]): Promise<void> {
    await this.attempt('an answer', (cluster) =>
      cluster.addMultipleTargetTopics([...topics]).catch((error: unknown) => {
        if (!ofOneTopic.has(kafkaErrorType(error) ?? '')) throw error;
      }),
    );
  }

  async partitions(topic: string): Promise<number[]> {
    return this.attempt(`the partitions of ${topic}`, async (cluster) => {
      await cluster.addTargetTopic(topic);
      // Without it kafkajs answers for ever with what it learned first: a partition that came later is never seen.
      await cluster.refreshMetadataIfNecessary();
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

  close(): Promise<void> {
    return this.client.close();
  }

  /** Leaders move and connections close: a few attempts, each with a new client. */
  private async attempt<T>(what: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await this.client.use(work);
      } catch (error) {
        if (kafkaErrorType(error) === 'OFFSET_OUT_OF_RANGE') throw error;
        if (attempts === attemptsMax) {
          const message = `Kafka did not give ${what}: ${kafkaErrorText(error)}.`;
          throw new SignalboxError('broker_unavailable', message, { cause: error });
        }
        await sleep(pauseMs * attempts);
      }
    }
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
