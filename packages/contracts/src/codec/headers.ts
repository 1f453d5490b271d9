import { SignalboxError } from '@signalbox/errors';

/** Headers as a Kafka client gives them: raw bytes, or text in tests and tools. */
export type RecordHeaders = Readonly<Record<string, Buffer | string | undefined>>;

/** Headers of one record; a record with more is refused. */
export const headersMax = 100;
/** Bytes of one header's name or value. */
export const headerBytesMax = 8_192;

/** Throws `envelope_malformed` for more than 100 headers or one over 8 KiB: headers are untrusted input. */
export function checkHeaderLimits(headers: RecordHeaders): void {
  let count = 0;
  for (const name in headers) {
    count += 1;
    const value = headers[name];
    if (count > headersMax) throw malformed('', `has more than ${headersMax} headers`);
    if (
      name.length > headerBytesMax ||
      (value !== undefined && value !== null && value.length > headerBytesMax)
    ) {
      throw malformed('', `has a header of more than ${headerBytesMax} bytes`);
    }
  }
}

/** A header as text, or undefined where it is absent or empty. */
export function headerText(headers: RecordHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined || value === null || value.length === 0) return undefined;
  return typeof value === 'string' ? value : value.toString('utf8');
}

/** A media type without its parameters, in lower case: `Application/JSON; charset=utf-8` → `application/json`. */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** True for `application/json`, `text/json` and every `…+json`. */
export function isJsonMediaType(contentType: string): boolean {
  const media = mediaTypeOf(contentType);
  return media === 'application/json' || media === 'text/json' || media.endsWith('+json');
}

const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The W3C trace context of a record, or undefined when it has none that is well formed. */
export function traceparentOf(headers: RecordHeaders): string | undefined {
  const value = headerText(headers, 'traceparent');
  return value !== undefined && traceparent.test(value) ? value : undefined;
}

/** `envelope_malformed` for the whole record (`pointer` '') or one place in it. */
export function malformed(pointer: string, message: string): SignalboxError {
  const where = pointer === '' ? 'The record' : pointer;
  return new SignalboxError('envelope_malformed', `${where} ${message}.`, {
    pointers: [{ pointer, message }],
  });
}
