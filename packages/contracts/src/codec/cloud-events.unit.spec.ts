import { type SignalboxError } from '@signalbox/errors';
import { CloudEvent, Kafka, type KafkaMessage } from 'cloudevents';
import fc from 'fast-check';
import { anyEnvelope, jsonBytes, jsonData, rfc3339Text, sampleEnvelope } from '../../test/events.js';
import type { EventEnvelope } from '../envelope.js';
import { decodeEvent } from './decode-event.js';
import { encodeEvent } from './encode-event.js';

const timestampMs = Date.parse('2026-04-05T12:01:00.000Z');
const dataContentType = 'application/json';

/** What the CloudEvents SDK writes, as a Kafka client would hand it over. */
function decodeSdk(message: KafkaMessage): EventEnvelope {
  const { value } = message;
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : jsonBytes(value);
  return decodeEvent({ value: bytes, headers: message.headers as Record<string, string>, timestampMs });
}

const sdkEvent = fc.record(
  {
    id: fc.stringMatching(/^[A-Za-z0-9-]{1,40}$/),
    source: fc.constantFrom('/shop', 'https://shop.example/orders', 'urn:shop:1'),
    type: fc.stringMatching(/^[a-z][a-z._]{0,40}$/),
    time: rfc3339Text,
    subject: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    correlationid: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    causationid: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    data: jsonData.filter((data) => typeof data === 'object' && data !== null),
  },
  { requiredKeys: ['id', 'source', 'type', 'time', 'data'] },
);

describe.each(['structured', 'binary'] as const)('CloudEvents written by the SDK, %s', (mode) => {
  it('are read with every attribute in its place', () => {
    fc.assert(
      fc.property(sdkEvent, (attributes) => {
        const event = new CloudEvent({ ...attributes, datacontenttype: dataContentType });
        const read = decodeSdk(mode === 'binary' ? Kafka.binary(event) : Kafka.structured(event));
        const { id, source, type, time, data, subject, correlationid, causationid } = attributes;
        expect(read).toEqual({
          event_id: id,
          event_type: type,
          timestamp: time,
          data,
          metadata: {
            source_service: source,
            correlation_id: correlationid ?? id,
            ...(causationid === undefined ? {} : { causation_id: causationid }),
            ...(subject === undefined ? {} : { subject }),
          },
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('our records, read by the SDK', () => {
  it('are valid CloudEvents in binary mode with the same id, type, source, time and subject', () => {
    fc.assert(
      fc.property(anyEnvelope, (envelope) => {
        const { value, headers } = encodeEvent(envelope, { key: 'usr-5678' });
        // The SDK takes strings only, and reads names in other scripts as they are.
        const event = Kafka.toEvent({
          headers,
          value: value.toString('utf8'),
          key: 'usr-5678',
        } as never) as CloudEvent;
        expect(event).toMatchObject({
          id: envelope.event_id,
          type: envelope.event_type,
          specversion: '1.0',
          subject: 'usr-5678',
        });
        expect(new Date(event.time as string)).toEqual(new Date(envelope.timestamp));
        expect(decodeURIComponent(event.source)).toBe(envelope.metadata.source_service);
        expect(() => event.validate()).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe('encodeEvent', () => {
  it('writes exactly the documented headers', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(encodeEvent(sampleEnvelope(), { key: 'usr-5678', traceparent }).headers).toEqual({
      'content-type': 'application/vnd.signalbox.event+json',
      ce_specversion: '1.0',
      ce_id: 'uuid-1234-abcd',
      ce_type: 'user.signed_up',
      ce_source: 'authentication_service',
      ce_time: '2026-03-31T10:30:00Z',
      ce_subject: 'usr-5678',
      traceparent,
    });
  });

  it('leaves out what it does not have', () => {
    const names = Object.keys(encodeEvent(sampleEnvelope(), { key: '' }).headers);
    expect(names).not.toContain('ce_subject');
    expect(names).not.toContain('traceparent');
  });

  it('writes a source that is no URI reference percent-encoded, and never throws for it', () => {
    const from = (source: string): string | undefined =>
      encodeEvent(sampleEnvelope({ metadata: { source_service: source, correlation_id: 'c' } })).headers[
        'ce_source'
      ];
    expect(from('sales desk')).toBe('sales%20desk');
    expect(from('\ud800')).toBe('%EF%BF%BD');
  });
});

describe('CloudEvents mapping', () => {
  const minimal = { specversion: '1.0', id: 'ce-1', source: '/shop', type: 'order.placed', data: {} };
  const structured = (over: Record<string, unknown>, ms = timestampMs): EventEnvelope =>
    decodeEvent({
      value: jsonBytes({ ...minimal, ...over }),
      headers: { 'content-type': 'application/cloudevents+json' },
      timestampMs: ms,
    });
  const binary = (over: Record<string, string>, value: Buffer = jsonBytes({})): EventEnvelope => {
    const required = { ce_specversion: '1.0', ce_id: 'ce-1', ce_source: '/shop', ce_type: 'order.placed' };
    return decodeEvent({
      value,
      headers: { ...required, 'content-type': 'application/json', ...over },
      timestampMs,
    });
  };
  const pointersOf = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      expect(error).toMatchObject({ code: 'envelope_malformed' });
      return (error as SignalboxError).pointers.map(({ pointer, message }) => `${pointer} ${message}`);
    }
    throw new Error('nothing was thrown');
  };

  it('starts a story with the event and takes the time of the record when the event has neither', () => {
    expect(structured({})).toEqual({
      event_id: 'ce-1',
      event_type: 'order.placed',
      timestamp: '2026-04-05T12:01:00.000Z',
      data: {},
      metadata: { source_service: '/shop', correlation_id: 'ce-1' },
    });
  });

  it.each([3, '3'])('reads hops %p', (hops) => {
    expect(structured({ hops }).metadata.hops).toBe(3);
    expect(binary({ ce_hops: String(hops) }).metadata.hops).toBe(3);
  });

  it('treats null attributes as left out', () => {
    const nothing = { time: null, subject: null, correlationid: null, causationid: null, hops: null };
    expect(structured({ ...nothing, datacontenttype: null })).toEqual(structured({}));
  });

  it.each<[string, () => unknown, string[]]>([
    ['another version', () => structured({ specversion: '0.3' }), ['/specversion must be 1.0']],
    ['no version', () => structured({ specversion: undefined }), ['/specversion must be 1.0']],
    [
      'XML data',
      () => structured({ datacontenttype: 'text/xml' }),
      ['/datacontenttype must be a JSON media type'],
    ],
    [
      'base64 data',
      () => structured({ data_base64: 'AA==' }),
      ['/data_base64 is not read: send data as JSON'],
    ],
    ['no data', () => structured({ data: undefined }), ['/data is required']],
    ['no id', () => structured({ id: undefined }), ['/id is required']],
    ['empty type', () => structured({ type: '' }), ['/type must have at least 1 character']],
    [
      'a source too long',
      () => structured({ source: 's'.repeat(256) }),
      ['/source must have at most 255 characters'],
    ],
    [
      'a date without a time',
      () => structured({ time: '2026-04-05' }),
      ['/time must be an RFC 3339 date-time with seconds and offset'],
    ],
    ['hops in words', () => structured({ hops: 'three' }), ['/hops must be a whole number']],
    ['a hop too many', () => structured({ hops: 1_001 }), ['/hops must be at most 1000']],
    [
      'a subject too long',
      () => structured({ subject: 's'.repeat(2_049) }),
      ['/subject must be a string of 1 to 2048 characters'],
    ],
    ['a bad header', () => binary({ ce_id: 'a\nb' }), ['/headers/ce_id must not contain control characters']],
    [
      'a bad time header',
      () => binary({ ce_time: 'now' }),
      ['/headers/ce_time must be an RFC 3339 date-time with seconds and offset'],
    ],
    [
      'Avro data',
      () => binary({ 'content-type': 'application/avro' }, Buffer.from([1, 2])),
      ['/headers/content-type must be a JSON media type'],
    ],
    ['data that is no JSON', () => binary({}, Buffer.from('<a/>')), [' is not JSON']],
  ])('refuses %s', (_name, act, expected) => {
    expect(pointersOf(act)).toEqual(expected);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800_000])('refuses record time %p', (ms) => {
    expect(pointersOf(() => structured({}, ms))).toEqual([
      ' has no time of its own and no usable record timestamp',
    ]);
    expect(() => structured({ time: '2026-04-05T12:01:00Z' }, ms)).not.toThrow();
  });
});
