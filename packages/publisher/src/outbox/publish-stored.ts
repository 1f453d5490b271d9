import type { RecordProducer, TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { StoredRecord } from './stored-record.js';

/** Records of one partition that travel in one send, in bytes of keys and values. */
const sendBytesMax = 524_288;

/** What became of stored records. What is in neither list has an unknown outcome and must be published again, in order. */
export interface PublishedStored {
  readonly acknowledged: readonly StoredRecord[];
  readonly refused: readonly { readonly stored: StoredRecord; readonly error: SignalboxError }[];
  /** The failures that say nothing about a record, at most one for each partition. */
  readonly failures: readonly unknown[];
}

interface Outcome {
  readonly acknowledged: StoredRecord[];
  readonly refused: { stored: StoredRecord; error: SignalboxError }[];
  readonly failures: unknown[];
}

/** Publishes records in their order: partitions side by side, within a partition one send after another. */
export async function publishStored(
  producer: RecordProducer,
  records: readonly StoredRecord[],
): Promise<PublishedStored> {
  const outcome: Outcome = { acknowledged: [], refused: [], failures: [] };
  const partitions = new Map<string, { to: TopicPartition; records: StoredRecord[] }>();
  const failedTopics = new Set<string>();
  for (const stored of records) {
    const { topic, record } = stored;
    if (failedTopics.has(topic)) continue;
    try {
      const partition = await producer.partitionFor(topic, record.key);
      const lane = partitions.get(`${topic} ${partition}`) ?? { to: { topic, partition }, records: [] };
      partitions.set(`${topic} ${partition}`, lane);
      lane.records.push(stored);
    } catch (error) {
      failedTopics.add(topic);
      outcome.failures.push(error);
    }
  }
  await Promise.all(
    [...partitions.values()].map(({ to, records }) => publishLane(producer, to, records, outcome)),
  );
  return outcome;
}

async function publishLane(
  producer: RecordProducer,
  to: TopicPartition,
  records: readonly StoredRecord[],
  outcome: Outcome,
): Promise<void> {
  try {
    for (const group of groups(records)) await publishGroup(producer, to, group, outcome);
  } catch (error) {
    // What comes after it waits, or it would overtake.
    outcome.failures.push(error);
  }
}

async function publishGroup(
  producer: RecordProducer,
  to: TopicPartition,
  group: readonly StoredRecord[],
  outcome: Outcome,
): Promise<void> {
  try {
    await producer.send(
      to,
      group.map(({ record }) => record),
    );
    outcome.acknowledged.push(...group);
  } catch (error) {
    if (!(error instanceof SignalboxError) || error.code !== 'broker_refused') throw error;
    const [stored] = group;
    // A refusal of many may be about one of them: alone, each is judged for itself.
    if (group.length === 1 && stored) outcome.refused.push({ stored, error });
    else for (const one of group) await publishGroup(producer, to, [one], outcome);
  }
}

function groups(records: readonly StoredRecord[]): StoredRecord[][] {
  const all: StoredRecord[][] = [];
  let bytes = Infinity;
  for (const stored of records) {
    const size = stored.record.key.length + (stored.record.value?.length ?? 0);
    if (bytes + size > sendBytesMax) {
      all.push([]);
      bytes = 0;
    }
    bytes += size;
    all.at(-1)?.push(stored);
  }
  return all;
}
