import { envelopeSchema, type AnyContract, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { uuidv7 } from 'uuidv7';
import { makeRecord, type CheckedRecord } from './make-record.js';

/** Who publishes, and where ids and times come from. */
export interface SourceOptions {
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

/** Makes a checked record of a publication; throws `event_invalid` or `event_too_large`. */
export type PublicationCheck = (publication: Publication) => CheckedRecord;

/** The one way an event of this service is made. Throws `config_invalid` for a source service that is no name. */
export function publicationCheck(options: SourceOptions): PublicationCheck {
  const { sourceService, clock = Date.now, newId = uuidv7 } = options;
  if (!envelopeSchema.shape.metadata.shape.source_service.safeParse(sourceService).success) {
    throw new SignalboxError('config_invalid', 'sourceService must be a name of 1 to 255 characters.');
  }
  return ({ contract, data, ...given }) => {
    const eventId = given.eventId ?? newId();
    const envelope = checkOptions({
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
    return makeRecord(contract, envelope, given.traceparent);
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
