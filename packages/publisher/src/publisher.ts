import type { OutgoingRecord, RecordProducer, TopicPartition } from '@signalbox/agent-kit';
import { envelopeSchema, type AnyContract, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { uuidv7 } from 'uuidv7';
import { makeRecord, type CheckedRecord } from './make-record.js';

export interface PublisherOptions {
  /** A connected producer, such as `createProducer` of `@signalbox/agent-kit-kafka`. The publisher never closes it. */
  readonly producer: RecordProducer;
  /** Who publishes, 1 to 255 characters. With the event id it is the event's identity, so it must stay the same. */
  readonly sourceService: string;
  /** Milliseconds since 1970; default: the system clock. */
  readonly clock?: () => number;
  /** Default: UUIDv7. */
  readonly newId?: () => string;
}

export interface PublishOptions {
  /** Give one to make publishing twice harmless: the same id is handled once. Default: a new id. */
  readonly eventId?: string;
  /** The story the event belongs to. Default: the event starts one, named by its own id. */
  readonly correlationId?: string;
  /** The id of the event that led to this one. */
  readonly causationId?: string;
  /** When it happened, RFC 3339. Default: now. */
  readonly timestamp?: string;
  /** W3C trace context to pass on. */
  readonly traceparent?: string;
}

/** One event for `publishMany`. */
export interface Publication<C extends AnyContract = AnyContract> extends PublishOptions {
  readonly contract: C;
  readonly data: DataOf<C>;
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
  const { producer, sourceService, clock = Date.now, newId = uuidv7 } = options;
  if (!envelopeSchema.shape.metadata.shape.source_service.safeParse(sourceService).success) {
    throw new SignalboxError('config_invalid', 'sourceService must be a name of 1 to 255 characters.');
  }
  const check = ({ contract, data, ...given }: Publication): CheckedRecord =>
    makeRecord(contract, toEnvelope(contract, data, given), given.traceparent);
  const toEnvelope = (contract: AnyContract, data: unknown, given: PublishOptions): EventEnvelope => {
    const eventId = given.eventId ?? newId();
    return checkOptions({
      event_id: eventId,
      event_type: contract.type,
      timestamp: given.timestamp ?? new Date(clock()).toISOString(),
      data,
      metadata: {
        source_service: sourceService,
        correlation_id: given.correlationId ?? eventId,
        ...(given.causationId === undefined ? {} : { causation_id: given.causationId }),
        schema_version: contract.version,
      },
    });
  };
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

/** The ids and the time are the caller's; a bad one is its mistake, told before anything is sent. */
function checkOptions(envelope: EventEnvelope): EventEnvelope {
  const { error } = envelopeSchema.safeParse(envelope);
  if (!error) return envelope;
  const pointers = error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
  const [first] = pointers;
  throw new SignalboxError('event_invalid', `${envelope.event_type}: ${first?.pointer} ${first?.message}.`, {
    pointers,
  });
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
