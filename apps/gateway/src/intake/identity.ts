import { hash } from 'node:crypto';
import { entityId, type JsonObject } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';

const idCharsMax = 255;
const hashChars = 64;

/**
 * The id of a webhook without one of its own: `<source>:<sha256 of the raw body>`. The same bytes sent again give the
 * same id. A long source name is cut so that the id stays within 255 characters.
 */
export function derivedEventId(source: string, rawBody: Uint8Array): string {
  return `${source.slice(0, idCharsMax - hashChars - 1)}:${hash('sha256', rawBody, 'hex')}`;
}

const idPattern = /^[\x20-\x7e]{1,255}$/;

/** The correlation id of the header, or undefined: one value of 1 to 255 printable ASCII characters counts. */
export function correlationHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && idPattern.test(value) ? value : undefined;
}

/**
 * The correlation id of a flat payload: its `correlation_id`, else the header's, else the event's id. A
 * `correlation_id` that cannot be one throws `event_invalid`: dropping it would cut the sender's story.
 */
export function flatCorrelationId(payload: JsonObject, header: string | undefined, eventId: string): string {
  const own = payload['correlation_id'];
  if (own === undefined || own === null) return header ?? eventId;
  if (entityId.safeParse(own).success) return own as string;
  const message = 'must be a string of 1 to 255 characters without control characters';
  throw new SignalboxError('event_invalid', `/correlation_id ${message}.`, {
    pointers: [{ pointer: '/correlation_id', message }],
  });
}
