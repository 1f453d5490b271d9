import { type SignalboxError } from '@signalbox/errors';
import fc from 'fast-check';
import { jsonData } from '../../test/events.js';
import { bodyDepthMax, dataDepthMax, findProblem, parseJsonObject } from './json-body.js';
import { traceparentOf } from './headers.js';

const nested = (levels: number): unknown =>
  levels === 0 ? 1 : levels % 2 ? { a: nested(levels - 1) } : [nested(levels - 1)];

describe('parseJsonObject', () => {
  const codeOf = (bytes: Uint8Array, options = {}): string => {
    try {
      parseJsonObject(bytes, options);
      return 'taken';
    } catch (error) {
      return (error as SignalboxError).code;
    }
  };

  it('reads a view into a larger buffer', () => {
    const large = Buffer.from('xx{"a":"ü"}xx');
    expect(parseJsonObject(new Uint8Array(large.buffer, large.byteOffset + 2, 10))).toEqual({ a: 'ü' });
  });

  it('refuses with body_not_json, or the code it is given', () => {
    expect(codeOf(Buffer.from('[]'))).toBe('body_not_json');
    expect(codeOf(Buffer.from('[]'), { code: 'envelope_malformed' })).toBe('envelope_malformed');
  });

  it('leaves room for the envelope around the data', () => {
    expect(bodyDepthMax).toBe(32);
    expect(codeOf(Buffer.from(JSON.stringify(nested(dataDepthMax))))).toBe('taken');
    expect(codeOf(Buffer.from(JSON.stringify(nested(dataDepthMax + 2))))).toBe('body_not_json');
    expect(
      codeOf(Buffer.from(JSON.stringify({ data: nested(dataDepthMax) })), { depthMax: bodyDepthMax }),
    ).toBe('taken');
  });

  it('takes what JSON.parse takes of valid data', () => {
    fc.assert(
      fc.property(jsonData, (data) => {
        expect(parseJsonObject(Buffer.from(JSON.stringify({ data })), { depthMax: bodyDepthMax })).toEqual({
          data,
        });
      }),
    );
  });

  it('counts a byte order mark once only', () => {
    expect(parseJsonObject(Buffer.from('\ufeff{}'))).toEqual({});
    expect(codeOf(Buffer.from('\ufeff\ufeff{}'))).toBe('body_not_json');
  });
});

describe('findProblem', () => {
  it.each([null, 1, 'text', true, [], {}, { a: ['😀', { b: null }] }])('finds none in %j', (value) => {
    expect(findProblem(value)).toBeUndefined();
  });

  it.each([
    ['a\u0000', ''],
    [{ a: { b: ['x', 'y\u0000'] } }, '/a/b/1'],
    [{ 'a\u0000': 1 }, ''],
    [{ list: [{ 'x/y': '\udc00' }] }, '/list/0/x~1y'],
    [{ a: '\ud83d\ud83d\ude00' }, '/a'],
  ])('finds what PostgreSQL cannot store: %j', (value, pointer) => {
    expect(findProblem(value)?.pointer).toBe(pointer);
  });

  it('finds what is too deep and ends there', () => {
    expect(findProblem(nested(dataDepthMax))).toBeUndefined();
    expect(findProblem(nested(dataDepthMax + 1))?.message).toBe('is nested too deeply');
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(findProblem(loop)?.message).toBe('is nested too deeply');
  });
});

describe('traceparentOf', () => {
  const valid = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('reads a well-formed one, as text or bytes', () => {
    expect(traceparentOf({ traceparent: valid })).toBe(valid);
    expect(traceparentOf({ traceparent: Buffer.from(valid) })).toBe(valid);
  });

  it.each([undefined, '', 'x', `${valid} `, valid.toUpperCase(), valid.slice(1)])(
    'drops %j',
    (traceparent) => {
      expect(traceparentOf({ traceparent })).toBeUndefined();
    },
  );

  it('does not look at what every object has', () => {
    expect(traceparentOf(Object.create({ traceparent: valid }) as Record<string, string>)).toBeUndefined();
  });
});
