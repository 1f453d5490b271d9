import type { IncomingRecord, TopicInspector, TopicPartition } from '@signalbox/agent-kit';
import type { KafkaConnectionOptions } from '../connection.js';
import type { KafkaLogger } from '../log-bridge.js';
import { kafkaErrorType } from '../kafkajs-errors.js';
import { LogReader } from './log-reader.js';
import { readTopic, tailTopic, type ReadOptions, type TailOptions, type TopicRecord } from './read-topic.js';

const fetchBytesMax = 4 * 1024 * 1024;

/** The port's inspector, and whole topics for people's tools. */
export interface KafkaInspector extends TopicInspector {
  /** Reads what a topic holds now, from a place on, and ends. Order: by offset within each partition. */
  readTopic(topic: string, options?: ReadOptions): AsyncIterable<TopicRecord>;
  /** Reads a topic as it grows, until `signal` aborts. */
  tailTopic(topic: string, options: TailOptions): AsyncIterable<TopicRecord>;
}

type Offsets = Map<number, { low: bigint; end: bigint }>;

/** Ends and records of committed data, as agents see it: records of an open transaction come after the end. */
class LogInspector implements KafkaInspector {
  private readonly reader: LogReader;
  private readonly asking = new Map<string, Promise<Offsets>>();

  constructor(
    private readonly connection: KafkaConnectionOptions,
    private readonly logger?: KafkaLogger,
  ) {
    this.reader = new LogReader(connection, logger);
  }

  connect(topics: readonly string[]): Promise<void> {
    return this.reader.connect(topics);
  }

  /** Partitions of one topic are claimed together: those who ask before the broker is asked share its answer. */
  offsets(topic: string): Promise<Offsets> {
    const asking = this.asking.get(topic) ?? this.askOffsets(topic);
    this.asking.set(topic, asking);
    return asking;
  }

  private async askOffsets(topic: string): Promise<Offsets> {
    const partitions = await this.reader.partitions(topic).finally(() => this.asking.delete(topic));
    const [lows, ends] = await Promise.all([
      this.reader.offsets(topic, partitions, 'start'),
      this.reader.offsets(topic, partitions, 'end'),
    ]);
    return new Map(partitions.map((id) => [id, { low: lows.get(id) ?? 0n, end: ends.get(id) ?? 0n }]));
  }

  async offsetAt({ topic, partition }: TopicPartition, timeMs: number): Promise<bigint> {
    const offset = (await this.reader.offsets(topic, [partition], { timeMs })).get(partition) ?? -1n;
    if (offset >= 0n) return offset;
    return (await this.reader.offsets(topic, [partition], 'end')).get(partition) ?? 0n;
  }

  async recordAt({ topic, partition }: TopicPartition, offset: bigint): Promise<IncomingRecord | undefined> {
    const place = async (where: 'start' | 'end') =>
      (await this.reader.offsets(topic, [partition], where)).get(partition) ?? 0n;
    const [low, end] = await Promise.all([place('start'), place('end')]);
    let next = offset < low ? low : offset;
    while (next < end) {
      const slice = await this.sliceAt(topic, partition, next);
      const [record] = slice?.records ?? [];
      if (record) return record;
      if (!slice || slice.nextOffset <= next) return undefined;
      next = slice.nextOffset;
    }
    return undefined;
  }

  readTopic(topic: string, options: ReadOptions = {}): AsyncIterable<TopicRecord> {
    return readTopic(() => new LogReader(this.connection, this.logger), topic, options);
  }

  tailTopic(topic: string, options: TailOptions): AsyncIterable<TopicRecord> {
    return tailTopic(() => new LogReader(this.connection, this.logger), topic, options);
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** Undefined when the log was cut between looking at its ends and reading it. */
  private async sliceAt(topic: string, partition: number, offset: bigint) {
    try {
      const limits = { waitMs: 100, bytesMax: fetchBytesMax };
      const [slice] = await this.reader.fetch(topic, new Map([[partition, offset]]), limits);
      return slice;
    } catch (error) {
      if (kafkaErrorType(error) === 'OFFSET_OUT_OF_RANGE') return undefined;
      throw error;
    }
  }
}

/** An inspector; connects with its first question. All its methods reject with `broker_unavailable`. */
export function createInspector(connection: KafkaConnectionOptions, logger?: KafkaLogger): KafkaInspector {
  return new LogInspector(connection, logger);
}
