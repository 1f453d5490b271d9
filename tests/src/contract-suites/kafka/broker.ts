import type { OutgoingRecord, RecordConsumer, RecordProducer, TopicInspector } from '@signalbox/agent-kit';

/** Largest record batch of the topics of these suites, in bytes. */
export const recordBytesMax = 1_048_576 + 65_536;

/** One broker, and clients of it. */
export interface BrokerFactory {
  /** Makes a topic of its own. */
  topic(partitions: number): Promise<string>;
  readonly producer: RecordProducer;
  readonly inspector: TopicInspector;
  /** A client that has not joined a group yet. */
  consumer(): RecordConsumer;
  close(): Promise<void>;
}

export const record = (value: string, more: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  key: Buffer.from('key'),
  value: Buffer.from(value),
  headers: {},
  ...more,
});

/** The records of a partition, read one by one. */
export async function valuesIn(inspector: TopicInspector, topic: string, partition = 0): Promise<string[]> {
  const values: string[] = [];
  const { low = 0n, end = 0n } = (await inspector.offsets(topic)).get(partition) ?? {};
  for (let at = low; at < end; at += 1n) {
    const found = await inspector.recordAt({ topic, partition }, at);
    values.push(found?.value?.toString() ?? 'null');
  }
  return values;
}
