import { agentTopics, catalogueTopics } from '@signalbox/contracts';
import type { IncomingRecord, OutgoingRecord, TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { ConsumerGroup } from './consumer-group.js';
import type { VirtualClock } from './virtual-clock.js';

const RECORD_BYTES_MAX = 1_048_576 + 65_536;

/** The log of one partition. Offsets of removed records stay empty, as in a compacted or trimmed topic. */
export interface MemoryLog {
  records: IncomingRecord[];
  /** The first offset that can be read. */
  low: bigint;
  /** The offset the next record gets. */
  end: bigint;
}

export interface MemoryBrokerOptions {
  readonly clock: VirtualClock;
  /** Partitions of a topic that is not named in `partitions`; default 1. */
  readonly partitionsPerTopic?: number;
  readonly partitions?: Readonly<Record<string, number>>;
  /** Agents whose own topics exist beside the catalogue's. */
  readonly agents: readonly string[];
}

/** Topics, their logs and consumer groups, shared by the clients of all processes. */
export class MemoryBroker {
  private readonly topics = new Map<string, MemoryLog[]>();
  private readonly groups = new Map<string, ConsumerGroup>();
  private readonly written = new WeakMap<IncomingRecord, number>();
  private serial = 0;
  readonly clock: VirtualClock;

  constructor({ clock, partitionsPerTopic = 1, partitions = {}, agents }: MemoryBrokerOptions) {
    this.clock = clock;
    const specs = [...catalogueTopics(), ...agents.flatMap((agent) => agentTopics(agent))];
    for (const { topic } of specs) this.createTopic(topic, partitions[topic] ?? partitionsPerTopic);
  }

  /** Makes a topic, or grows it; what is there stays. */
  createTopic(topic: string, partitions: number): void {
    const logs = this.topics.get(topic) ?? [];
    while (logs.length < partitions) logs.push({ records: [], low: 0n, end: 0n });
    this.topics.set(topic, logs);
    for (const group of this.groups.values()) group.onTopic(topic);
  }

  /** Forgets a topic's records: what is produced next begins at offset 0 again. */
  recreateTopic(topic: string): void {
    const partitions = this.logsOf(topic).length;
    this.topics.set(
      topic,
      Array.from({ length: partitions }, () => ({ records: [], low: 0n, end: 0n })),
    );
  }

  /** Removes the records before `offset`, as retention does. */
  trim(to: TopicPartition, offset: bigint): void {
    const log = this.log(to);
    log.records = log.records.filter((record) => record.offset >= offset);
    log.low = offset;
  }

  logsOf(topic: string): MemoryLog[] {
    const logs = this.topics.get(topic);
    if (!logs) throw new SignalboxError('broker_unavailable', `there is no topic '${topic}'`);
    return logs;
  }

  log({ topic, partition }: TopicPartition): MemoryLog {
    const log = this.logsOf(topic)[partition];
    if (!log) throw new SignalboxError('broker_unavailable', `there is no partition ${topic}/${partition}`);
    return log;
  }

  /** Every record of a topic, partition by partition. */
  recordsOf(topic: string): IncomingRecord[] {
    return this.logsOf(topic).flatMap(({ records }) => records);
  }

  /** Every record of a topic in the order in which they were written, over all partitions. */
  historyOf(topic: string): IncomingRecord[] {
    const at = (record: IncomingRecord): number => this.written.get(record) ?? 0;
    return this.recordsOf(topic).sort((a, b) => at(a) - at(b));
  }

  append(to: TopicPartition, records: readonly OutgoingRecord[]): void {
    const log = this.log(to);
    const sizes = records.map(({ key, value }) => (key?.length ?? 0) + (value?.length ?? 0));
    if (sizes.some((size) => size > RECORD_BYTES_MAX))
      throw new SignalboxError('broker_refused', `a record is larger than ${to.topic} takes`);
    for (const { key, value, headers, timestampMs = this.clock.nowMs() } of records) {
      const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]);
      const copied = Object.fromEntries(bytes) as Record<string, Buffer>;
      const record = { offset: log.end, timestampMs, key, value, headers: copied };
      this.written.set(record, (this.serial += 1));
      log.records.push(record);
      log.end += 1n;
    }
    for (const group of this.groups.values()) group.onAppended(to);
  }

  group(id: string): ConsumerGroup {
    const group = this.groups.get(id) ?? new ConsumerGroup(this);
    this.groups.set(id, group);
    return group;
  }
}
