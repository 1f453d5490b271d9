import type { OutgoingRecord, RecordProducer, TopicPartition } from '@signalbox/agent-kit';
import type { AnyContract, DataOf } from '@signalbox/contracts';
import {
  publicationCheck,
  type Publication,
  type PublishOptions,
  type SourceOptions,
} from './check-publication.js';
import type { CheckedRecord } from './make-record.js';

export interface PublisherOptions extends SourceOptions {
  /** A connected producer, such as `createProducer` of `@signalbox/agent-kit-kafka`. The publisher never closes it. */
  readonly producer: RecordProducer;
}

/** What Kafka has acknowledged. */
export interface Published extends TopicPartition {
  readonly eventId: string;
  readonly correlationId: string;
  readonly key: string;
}

/**
 * Publishes events to Kafka directly: checked against their contract before anything is sent, with the key, partition
 * and headers every Signalbox agent expects.
 */
export interface Publisher {
  /**
   * Resolves when Kafka has the event. Rejects with `event_invalid` (pointers into the data) or `event_too_large` before
   * anything is sent, with `broker_refused` when it was not written, and with `broker_unavailable` when that is unknown:
   * publish again then with the same `eventId`.
   */
  publish<C extends AnyContract>(contract: C, data: DataOf<C>, options?: PublishOptions): Promise<Published>;
  /**
   * As `publish`, for many: all are checked before the first is sent. Events with the same key keep their order.
   * Rejects when one of them fails; the others may have been written.
   */
  publishMany(events: readonly Publication[]): Promise<Published[]>;
}

/** Throws `config_invalid` for a source service that is no name. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { producer } = options;
  const check = publicationCheck(options);
  const publishMany = async (events: readonly Publication[]): Promise<Published[]> =>
    sendAll(producer, events.map(check));
  return {
    publishMany,
    publish: async (contract, data, given = {}) => {
      const [published] = await publishMany([{ ...given, contract, data }]);
      return published as Published;
    },
  };
}

/** One send for each partition: the broker client must never split a send over leaders. */
async function sendAll(producer: RecordProducer, checked: readonly CheckedRecord[]): Promise<Published[]> {
  const partitions = await Promise.all(checked.map(({ topic, key }) => producer.partitionFor(topic, key)));
  const batches = new Map<string, { to: TopicPartition; records: OutgoingRecord[] }>();
  const published = checked.map(({ topic, key, envelope, record }, index) => {
    const to = { topic, partition: partitions[index] as number };
    const name = `${topic} ${to.partition}`;
    const batch = batches.get(name) ?? { to, records: [] };
    batches.set(name, batch);
    batch.records.push(record);
    const { event_id: eventId, metadata } = envelope;
    return { ...to, eventId, correlationId: metadata.correlation_id, key: key.toString('utf8') };
  });
  const results = await Promise.allSettled(
    [...batches.values()].map(({ to, records }) => producer.send(to, records)),
  );
  // Waiting for all of them first leaves no rejection unhandled and no send behind a caller that closes the producer.
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return published;
}
