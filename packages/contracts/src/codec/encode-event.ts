import { envelopeContentType, type EventEnvelope } from '../envelope.js';

export interface EncodeOptions {
  /** The record key; also written as `ce_subject`. */
  readonly key?: string;
  /** W3C trace context to pass on. */
  readonly traceparent?: string;
}

export interface EncodedEvent {
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

/** Characters a URI reference takes as they are; nearly every source name consists of them. */
const uriReference = /^[A-Za-z0-9._~/:@-]+$/;

/**
 * Writes our envelope: JSON value, our content type, and the CloudEvents attributes as headers for tools and filters.
 * Checks nothing (it is the hot path): what goes in was checked against its contract or built by the runtime.
 */
export function encodeEvent(envelope: EventEnvelope, options: EncodeOptions = {}): EncodedEvent {
  const headers: Record<string, string> = {
    'content-type': envelopeContentType,
    ce_specversion: '1.0',
    ce_id: envelope.event_id,
    ce_type: envelope.event_type,
    ce_source: asUriReference(envelope.metadata.source_service),
    ce_time: envelope.timestamp,
  };
  if (options.key !== undefined && options.key !== '') headers['ce_subject'] = options.key;
  if (options.traceparent !== undefined) headers['traceparent'] = options.traceparent;
  return { value: Buffer.from(JSON.stringify(envelope), 'utf8'), headers };
}

/** CloudEvents wants a URI reference as source; the body keeps the name as it is. */
function asUriReference(source: string): string {
  return uriReference.test(source) ? source : encodeURIComponent(source.replace(/\p{Surrogate}/gu, '\ufffd'));
}
