import type { EventEnvelope } from '../envelope.js';
import { entityId } from '../fields.js';
import { isEnvelope, refuseEnvelope } from './envelope-check.js';
import { headerText, isJsonMediaType, malformed, type RecordHeaders } from './headers.js';
import { bodyDepthMax, dataDepthMax, parseJson, parseJsonObject } from './json-body.js';

/** Milliseconds of 9999-12-31T23:59:59.999Z, the last time RFC 3339 can write. */
const timestampMsMax = 253_402_300_799_999;

/** The attributes of a CloudEvent we read; every other extension is dropped. */
interface Attributes {
  readonly specversion: unknown;
  readonly id: unknown;
  readonly source: unknown;
  readonly type: unknown;
  readonly time: unknown;
  readonly subject: unknown;
  readonly datacontenttype: unknown;
  readonly correlationid: unknown;
  readonly causationid: unknown;
  readonly hops: unknown;
}

/** Where an attribute stands in the input, for error pointers. */
type Locate = (attribute: string) => string;

/** CloudEvents 1.0 in structured mode: the value holds attributes and data. */
export function readStructured(value: Uint8Array, timestampMs: number): EventEnvelope {
  const body = parseJsonObject(value, { code: 'envelope_malformed', depthMax: bodyDepthMax });
  const locate: Locate = (attribute) => `/${attribute}`;
  if (body['data_base64'] !== undefined) throw malformed('/data_base64', 'is not read: send data as JSON');
  return toEnvelope(body as unknown as Attributes, body['data'], timestampMs, locate);
}

/** CloudEvents 1.0 in binary mode: attributes in `ce_` headers, the value is the data. */
export function readBinary(value: Uint8Array, headers: RecordHeaders, timestampMs: number): EventEnvelope {
  const attribute = (name: string): string | undefined => headerText(headers, `ce_${name}`);
  const contentType = headerText(headers, 'content-type');
  const attributes: Attributes = {
    specversion: attribute('specversion'),
    id: attribute('id'),
    source: attribute('source'),
    type: attribute('type'),
    time: attribute('time'),
    subject: attribute('subject'),
    datacontenttype: contentType,
    correlationid: attribute('correlationid'),
    causationid: attribute('causationid'),
    hops: attribute('hops'),
  };
  const locate: Locate = (name) =>
    name === 'datacontenttype' ? '/headers/content-type' : `/headers/ce_${name}`;
  checkContentType(contentType, locate);
  const data = parseJson(value, 'envelope_malformed', dataDepthMax);
  return toEnvelope(attributes, data, timestampMs, (name) => (name === 'data' ? '' : locate(name)));
}

function toEnvelope(from: Attributes, data: unknown, timestampMs: number, locate: Locate): EventEnvelope {
  if (from.specversion !== '1.0') throw malformed(locate('specversion'), 'must be 1.0');
  checkContentType(from.datacontenttype, locate);
  const hops = readHops(from.hops, locate);
  const envelope = {
    event_id: from.id,
    event_type: from.type,
    timestamp: from.time ?? recordTime(timestampMs),
    data,
    metadata: {
      source_service: from.source,
      // A foreign publisher that knows no stories starts one with this event.
      correlation_id: from.correlationid ?? usableId(from.id),
      ...(from.causationid === undefined || from.causationid === null
        ? {}
        : { causation_id: from.causationid }),
      ...(hops === undefined ? {} : { hops }),
      ...readSubject(from.subject, locate),
    },
  };
  if (!isEnvelope(envelope))
    refuseEnvelope(envelope, (pointer) => locate(attributeOf[pointer] ?? pointer.slice(1)));
  return envelope;
}

/** Keeps a bad id from being reported a second time as a bad correlation id. */
const usableId = (id: unknown): string => (entityId.safeParse(id).success ? (id as string) : 'none');

const attributeOf: Readonly<Record<string, string>> = {
  '/event_id': 'id',
  '/event_type': 'type',
  '/timestamp': 'time',
  '/metadata/source_service': 'source',
  '/metadata/correlation_id': 'correlationid',
  '/metadata/causation_id': 'causationid',
  '/metadata/hops': 'hops',
};

function checkContentType(contentType: unknown, locate: Locate): void {
  if (contentType === undefined || contentType === null) return;
  if (typeof contentType !== 'string' || !isJsonMediaType(contentType)) {
    throw malformed(locate('datacontenttype'), 'must be a JSON media type');
  }
}

/** A whole number, as JSON number or, in headers, as digits. */
function readHops(value: unknown, locate: Locate): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^\d{1,4}$/.test(value)) return Number(value);
  throw malformed(locate('hops'), 'must be a whole number');
}

function readSubject(value: unknown, locate: Locate): { subject?: string } {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string' && value.length > 0 && value.length <= 2_048) return { subject: value };
  throw malformed(locate('subject'), 'must be a string of 1 to 2048 characters');
}

function recordTime(timestampMs: number): string {
  if (!(timestampMs >= 0 && timestampMs <= timestampMsMax)) {
    throw malformed('', 'has no time of its own and no usable record timestamp');
  }
  return new Date(timestampMs).toISOString();
}
