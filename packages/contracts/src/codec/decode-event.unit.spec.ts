import { type SignalboxError } from '@signalbox/errors';
import { decodeEvent, type EncodedRecord } from './decode-event.js';
import { encodeEvent } from './encode-event.js';
import { jsonBytes, sampleEnvelope } from '../../test/events.js';

const ours = 'application/vnd.signalbox.event+json';

const decode = (value: unknown, headers: EncodedRecord['headers'] = {}): unknown =>
  decodeEvent({
    value: Buffer.isBuffer(value) ? value : jsonBytes(value),
    headers,
    timestampMs: 1_775_390_460_000,
  });

function failure(act: () => unknown): SignalboxError {
  try {
    act();
  } catch (error) {
    return error as SignalboxError;
  }
  throw new Error('nothing was thrown');
}

describe('which form a record is in', () => {
  const structured = {
    specversion: '1.0',
    id: 'ce-1',
    source: '/shop',
    type: 'order.placed',
    data: { a: 1 },
  };
  const binary = { ce_specversion: '1.0', ce_id: 'ce-2', ce_source: '/shop', ce_type: 'order.placed' };

  it.each([
    ['no header at all', {}],
    ['our content type', { 'content-type': ours }],
    [
      'our content type with parameters in capitals',
      { 'content-type': 'Application/VND.signalbox.event+JSON; charset=UTF-8' },
    ],
    ['our content type beside ce_ headers', { ...binary, 'content-type': ours }],
    ['a foreign content type without ce_specversion', { 'content-type': 'application/json' }],
    ['ce_ headers without ce_specversion', { ce_id: 'x', 'content-type': 'application/json' }],
  ])('%s: our envelope', (_name, headers) => {
    expect(decode(sampleEnvelope(), headers)).toEqual(sampleEnvelope());
  });

  it.each([
    ['application/cloudevents+json', {}],
    ['application/cloudevents+json; charset=utf-8', {}],
    ['APPLICATION/CloudEvents+JSON', { ce_specversion: '1.0', ce_id: 'header' }],
  ])('%s: structured CloudEvents, also beside ce_ headers', (contentType, more) => {
    expect(decode(structured, { ...more, 'content-type': contentType })).toMatchObject({ event_id: 'ce-1' });
  });

  it.each([
    ['application/json', { a: 1 }],
    ['text/json', { a: 1 }],
    ['application/vnd.shop.order+json; charset=utf-8', { a: 1 }],
    ['application/json', [1, 2]],
    ['application/json', 'text'],
    ['application/json', null],
  ])('ce_specversion and %s: binary CloudEvents, data %j', (contentType, data) => {
    expect(decode(data, { ...binary, 'content-type': contentType })).toMatchObject({
      event_id: 'ce-2',
      data,
    });
  });

  it('ce_specversion and no content type: binary CloudEvents, whose data is JSON by default', () => {
    expect(decode({ a: 1 }, binary)).toMatchObject({ event_id: 'ce-2', data: { a: 1 } });
  });

  it('reads headers as bytes too', () => {
    const headers = Object.fromEntries(
      Object.entries(binary).map(([name, text]) => [name, Buffer.from(text)]),
    );
    expect(decode({ a: 1 }, { ...headers, 'content-type': Buffer.from('application/json') })).toMatchObject({
      event_id: 'ce-2',
    });
  });
});

describe('our envelope', () => {
  it('wins over headers that say something else', () => {
    const { value } = encodeEvent(sampleEnvelope());
    const headers = {
      'content-type': ours,
      ce_specversion: '1.0',
      ce_id: 'other',
      ce_type: 'other',
      ce_source: '/x',
    };
    expect(decode(value, headers)).toEqual(sampleEnvelope());
  });

  it('keeps unknown fields at every level', () => {
    const event = {
      ...sampleEnvelope(),
      tenant: 't1',
      metadata: { ...sampleEnvelope().metadata, region: 'eu' },
    };
    expect(decode(event)).toEqual(event);
  });

  it('keeps a field named __proto__ as data', () => {
    const text = JSON.stringify(sampleEnvelope()).replace(
      '"usr-5678"',
      '"usr-5678","__proto__":{"admin":true}',
    );
    const { data } = decode(Buffer.from(text)) as { data: Record<string, unknown> };
    expect(Object.keys(data)).toEqual(['user_id', '__proto__']);
    expect((data as { admin?: boolean }).admin).toBeUndefined();
  });

  it('skips a byte order mark', () => {
    expect(decode(Buffer.concat([Buffer.from('\ufeff'), jsonBytes(sampleEnvelope())]))).toEqual(
      sampleEnvelope(),
    );
  });

  it('takes data null, but not data left out', () => {
    expect(decode(sampleEnvelope({ data: null }))).toMatchObject({ data: null });
    expect(failure(() => decode(sampleEnvelope({ data: undefined }))).pointers).toEqual([
      { pointer: '/data', message: 'is required' },
    ]);
  });

  it('names every bad field', () => {
    const bad = {
      event_id: 7,
      timestamp: '2026-03-31',
      data: {},
      metadata: { source_service: '', hops: -1 },
    };
    const error = failure(() => decode(bad));
    expect(error.code).toBe('envelope_malformed');
    expect(error.message).toBe('/event_id must be a string (and 5 more).');
    expect(error.pointers).toEqual([
      { pointer: '/event_id', message: 'must be a string' },
      { pointer: '/event_type', message: 'is required' },
      { pointer: '/timestamp', message: 'must be an RFC 3339 date-time with seconds and offset' },
      { pointer: '/metadata/source_service', message: 'must have at least 1 character' },
      { pointer: '/metadata/correlation_id', message: 'is required' },
      { pointer: '/metadata/hops', message: 'must be at least 0' },
    ]);
  });
});

describe('bytes that are no event', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'The body is empty.'],
    ['blanks', Buffer.from('  \n'), 'The body is empty.'],
    ['no JSON', Buffer.from('{"event_id": '), 'The body is not JSON.'],
    ['two values', Buffer.from('{} {}'), 'The body is not JSON.'],
    ['an array', Buffer.from('[]'), 'The body must be a JSON object.'],
    ['null', Buffer.from('null'), 'The body must be a JSON object.'],
    ['Latin-1', Buffer.from('{"a":"M\u00fcller"}', 'latin1'), 'The body is not UTF-8.'],
    ['an overlong sequence', Buffer.from([0x7b, 0xc0, 0x80, 0x7d]), 'The body is not UTF-8.'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'The body is not JSON.'],
  ])('%s', (_name, value, message) => {
    expect(failure(() => decode(value))).toMatchObject({ code: 'envelope_malformed', message });
  });

  it('a tombstone', () => {
    const error = failure(() => decodeEvent({ value: null, headers: {}, timestampMs: 0 }));
    expect(error).toMatchObject({ code: 'envelope_malformed', message: 'The record has no value.' });
  });

  it('never quotes the input in a message', () => {
    expect(failure(() => decode(Buffer.from('{"password": secret-4711}'))).message).not.toContain('secret');
  });

  it.each([
    ['a NUL in a value', { a: ['x\u0000y'] }, '/data/a/0'],
    ['a NUL in a name', { 'x\u0000y': 1 }, '/data'],
    ['half a surrogate pair', { 'a/b': { '~': '\ud83d' } }, '/data/a~1b/~0'],
  ])('%s', (_name, data, pointer) => {
    expect(failure(() => decode(sampleEnvelope({ data }))).pointers[0]?.pointer).toBe(pointer);
  });

  it('but a whole pair and an escaped backslash before u0000 are text', () => {
    const data = { a: '\\u0000', b: '😀' };
    const text = JSON.stringify(sampleEnvelope({ data })).replace('😀', '\\ud83d\\ude00');
    expect(decode(Buffer.from(text))).toMatchObject({ data });
  });

  it('takes 32 levels and no more', () => {
    expect(() => decode(sampleEnvelope({ data: nested(31) }))).not.toThrow();
    expect(failure(() => decode(sampleEnvelope({ data: nested(32) }))).message).toBe(
      'The body is nested too deeply.',
    );
  });

  it('survives a million opening brackets', () => {
    const depth = 500_000;
    const value = Buffer.from(`{"data":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(failure(() => decode(value)).code).toBe('envelope_malformed');
  });
});

describe('untrusted headers', () => {
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i}`, 'x']));

  it('takes 100 of them and no more', () => {
    expect(() => decode(sampleEnvelope(), many(100))).not.toThrow();
    expect(failure(() => decode(sampleEnvelope(), many(101))).message).toBe(
      'The record has more than 100 headers.',
    );
  });

  it.each([
    ['value', { x: 'y'.repeat(8_193) }],
    ['value in bytes', { x: Buffer.alloc(8_193) }],
    ['name', { ['y'.repeat(8_193)]: 'x' }],
  ])('refuses a %s over 8 KiB', (_name, headers) => {
    expect(failure(() => decode(sampleEnvelope(), headers)).message).toBe(
      'The record has a header of more than 8192 bytes.',
    );
    expect(() => decode(sampleEnvelope(), { x: 'y'.repeat(8_192) })).not.toThrow();
  });
});
