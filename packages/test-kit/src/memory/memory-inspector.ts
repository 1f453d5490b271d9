import type { IncomingRecord, TopicInspector, TopicPartition } from '@signalbox/agent-kit';
import type { MemoryBroker } from './memory-broker.js';

/** Looks at the logs of a broker in memory. */
export class MemoryInspector implements TopicInspector {
  constructor(private readonly broker: MemoryBroker) {}

  async connect(_topics: readonly string[]): Promise<void> {
    // nothing to connect to
  }

  async offsets(topic: string): Promise<ReadonlyMap<number, { readonly low: bigint; readonly end: bigint }>> {
    return new Map(this.broker.logsOf(topic).map(({ low, end }, partition) => [partition, { low, end }]));
  }

  async offsetAt(to: TopicPartition, timeMs: number): Promise<bigint> {
    const { records, end } = this.broker.log(to);
    return records.find(({ timestampMs }) => timestampMs >= timeMs)?.offset ?? end;
  }

  async recordAt(to: TopicPartition, offset: bigint): Promise<IncomingRecord | undefined> {
    return this.broker.log(to).records.find((record) => record.offset >= offset);
  }

  async close(): Promise<void> {
    // nothing is open
  }
}
