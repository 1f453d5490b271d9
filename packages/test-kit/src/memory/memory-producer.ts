import type { OutgoingRecord, RecordProducer, TopicPartition } from '@signalbox/agent-kit';
import { partitionOf } from '@signalbox/agent-kit-kafka';
import type { MemoryBroker } from './memory-broker.js';

/** Writes to a broker in memory: acknowledged when it resolves. */
export class MemoryProducer implements RecordProducer {
  inFlight = 0;

  constructor(private readonly broker: MemoryBroker) {}

  async connect(): Promise<void> {
    // nothing to connect to
  }

  async send(to: TopicPartition, records: readonly OutgoingRecord[]): Promise<void> {
    this.broker.append(to, records);
  }

  async partitionFor(topic: string, key: Buffer): Promise<number> {
    return partitionOf(key, this.broker.logsOf(topic).length);
  }

  async partitionCount(topic: string): Promise<number> {
    return this.broker.logsOf(topic).length;
  }

  async close(): Promise<void> {
    // nothing is in flight
  }
}
