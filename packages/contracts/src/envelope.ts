import { z } from 'zod';
import { entityId, name, timestamp } from './fields.js';

/** Content type of our own envelope, also assumed when a record has no headers. */
export const envelopeContentType = 'application/vnd.signalbox.event+json';
export const cloudEventsContentType = 'application/cloudevents+json';
/** A chain of events longer than this is a loop. */
export const hopsMax = 32;

export const metadataSchema = z.looseObject({
  /** Who published the event; with `event_id` it is the event's identity. */
  source_service: entityId,
  correlation_id: entityId,
  causation_id: entityId.optional(),
  hops: z.number().int().min(0).max(1_000).optional(),
  schema_version: z.number().int().min(1).optional(),
});

export const envelopeSchema = z.looseObject({
  event_id: entityId,
  event_type: name(249),
  timestamp,
  data: z.unknown().refine((value) => value !== undefined, { message: 'is required' }),
  metadata: metadataSchema,
});

export type EventMetadata = z.infer<typeof metadataSchema>;

/** An event as handlers see it: the value of a Kafka record, whichever of the three forms it came in. */
export interface EventEnvelope<D = unknown> {
  readonly event_id: string;
  readonly event_type: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly data: D;
  readonly metadata: EventMetadata;
}
