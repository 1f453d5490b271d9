import { cloudEventsContentType, envelopeContentType, type EventEnvelope } from '../envelope.js';
import { readBinary, readStructured } from './cloud-events.js';
import { isEnvelope, refuseEnvelope } from './envelope-check.js';
import { checkHeaderLimits, headerText, malformed, mediaTypeOf, type RecordHeaders } from './headers.js';
import { bodyDepthMax, parseJsonObject } from './json-body.js';

/** What is needed of a Kafka record to read the event in it. */
export interface EncodedRecord {
  readonly value: Uint8Array | null;
  readonly headers: RecordHeaders;
  /** Milliseconds since 1970; the event's time when a CloudEvent has none. */
  readonly timestampMs: number;
}

/**
 * Reads an event in any of the three forms: structured CloudEvents (by content type), binary CloudEvents
 * (`ce_specversion` and a content type that is not ours), else our own envelope, also without any header. Where header
 * and body differ the body wins. Unknown fields are kept. Throws `envelope_malformed` with pointers and nothing else.
 */
export function decodeEvent(record: EncodedRecord): EventEnvelope {
  const { value, headers, timestampMs } = record;
  checkHeaderLimits(headers);
  if (value === null || value === undefined) throw malformed('', 'has no value');
  const contentType = headerText(headers, 'content-type');
  if (contentType !== envelopeContentType) {
    const media = contentType === undefined ? undefined : mediaTypeOf(contentType);
    if (media === cloudEventsContentType) return readStructured(value, timestampMs);
    if (media !== envelopeContentType && headerText(headers, 'ce_specversion') !== undefined) {
      return readBinary(value, headers, timestampMs);
    }
  }
  const body = parseJsonObject(value, { code: 'envelope_malformed', depthMax: bodyDepthMax });
  if (!isEnvelope(body)) refuseEnvelope(body);
  return body;
}
