import { SignalboxError } from '@signalbox/errors';
import fc from 'fast-check';
import { envelopeSchema } from '../envelope.js';
import { decodeEvent } from './decode-event.js';
import { encodeEvent } from './encode-event.js';
import { isEnvelope } from './envelope-check.js';
import { anyEnvelope, jsonBytes, sampleEnvelope } from '../../test/events.js';

describe('the codec, over any event', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(anyEnvelope, (envelope) => {
        const record = encodeEvent(envelope, { key: 'k' });
        expect(decodeEvent({ ...record, timestampMs: 0 })).toEqual(envelope);
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but envelope_malformed, whatever the bytes and headers', () => {
    const contentTypes = [
      'application/vnd.signalbox.event+json',
      'application/cloudevents+json',
      'application/json',
      'text/plain',
      '',
    ];
    const headers = fc.dictionary(
      fc.constantFrom(
        'ce_specversion',
        'ce_id',
        'ce_type',
        'ce_source',
        'ce_time',
        'ce_hops',
        'ce_subject',
        'x',
      ),
      fc.oneof(fc.constant('1.0'), fc.string({ unit: 'binary' })),
    );
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text, 'utf8')),
      anyEnvelope.map(jsonBytes),
    );
    const timestamps = fc.oneof(fc.integer(), fc.double());
    fc.assert(
      fc.property(
        bytes,
        headers,
        fc.constantFrom(...contentTypes),
        timestamps,
        (value, extra, type, timestampMs) => {
          try {
            const event = decodeEvent({ value, headers: { ...extra, 'content-type': type }, timestampMs });
            expect(envelopeSchema.safeParse(event).success).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(SignalboxError);
            expect(error).toMatchObject({ code: 'envelope_malformed' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('the check by hand', () => {
  /** Values that stand near the edges of what a field may be. */
  const edges = fc.constantFrom<unknown>(
    ...[undefined, null, '', 'x', 'a\u0000b', 'a\u007fb', 'x'.repeat(249), 'x'.repeat(255), 'x'.repeat(256)],
    ...[
      '😀'.repeat(255),
      '😀'.repeat(256),
      0,
      -0,
      -1,
      1,
      1_000,
      1_001,
      1.5,
      2 ** 53,
      Number.NaN,
      '1',
      true,
      [],
      {},
    ],
    ...['2026-02-30T00:00:00Z', '2026-03-31T10:30:00Z', '2026-03-31T23:59:60Z', '2026-03-31T10:30:00'],
  );
  const paths = fc.constantFrom(
    ['event_id'],
    ['event_type'],
    ['timestamp'],
    ['data'],
    ['metadata'],
    ['metadata', 'source_service'],
    ['metadata', 'correlation_id'],
    ['metadata', 'causation_id'],
    ['metadata', 'hops'],
    ['metadata', 'schema_version'],
  );

  it('has the verdict of envelopeSchema', () => {
    let refused = 0;
    fc.assert(
      fc.property(anyEnvelope, fc.array(fc.tuple(paths, edges), { maxLength: 2 }), (envelope, changes) => {
        const changed = changes.reduce<Record<string, unknown>>(change, { ...envelope });
        const verdict = envelopeSchema.safeParse(changed).success;
        if (!verdict) refused += 1;
        expect(isEnvelope(changed)).toBe(verdict);
      }),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it.each([undefined, null, 'text', 1, [], () => undefined])('refuses %p as the schema does', (value) => {
    expect(isEnvelope(value)).toBe(false);
    expect(envelopeSchema.safeParse(value).success).toBe(false);
  });

  it('takes the sample', () => {
    expect(isEnvelope(sampleEnvelope())).toBe(true);
  });
});

function change(
  envelope: Record<string, unknown>,
  [path, value]: [readonly string[], unknown],
): Record<string, unknown> {
  const [first, second] = path as readonly [string, string?];
  if (second === undefined) return { ...envelope, [first]: value };
  const inner = envelope[first];
  return typeof inner === 'object' && inner !== null
    ? { ...envelope, [first]: { ...inner, [second]: value } }
    : envelope;
}
