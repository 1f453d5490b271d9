import fc from 'fast-check';
import { jsonData } from '../../test/events.js';
import { canonicalJson } from './canonical-json.js';
import { eventFingerprint, eventIdentity } from './fingerprint.js';

const hex = (type: string, data: unknown): string => eventFingerprint(type, data).toString('hex');

/** The same value with the fields of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  );
}

describe('canonicalJson', () => {
  it('sorts by UTF-16 units as the example of RFC 8785 does', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual(
      expect.arrayContaining([1, 2, 3, 4, 5, 6, 7]),
    );
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it.each([1, 2, 15, 16, 17, 100])('sorts %d fields', (count) => {
    const names = Array.from({ length: count }, (_, n) => `field-${(n * 7_919) % 1_000}`);
    const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
    expect(Object.keys(JSON.parse(text) as object)).toEqual([...names].sort());
  });

  it.each([
    [[56, { d: true, '10': null, '1': [] }], '[56,{"1":[],"10":null,"d":true}]'],
    [
      { numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0] },
      '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0]}',
    ],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    ['text', '"text"'],
    [null, 'null'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('means the same value', () => {
    fc.assert(fc.property(jsonData, (data) => expect(JSON.parse(canonicalJson(data))).toEqual(data)));
  });
});

describe('eventFingerprint', () => {
  it('is 128 bits and does not change between versions', () => {
    expect(eventFingerprint('service_down', { b: 1, a: [true, 'x'] })).toHaveLength(16);
    expect(hex('service_down', { b: 1, a: [true, 'x'] })).toBe('0baa1b452469093bf2053b9e79f35185');
  });

  it('does not depend on the order of fields', () => {
    fc.assert(fc.property(jsonData, (data) => expect(hex('t', reversed(data))).toBe(hex('t', data))));
  });

  it.each<[string, [string, unknown], [string, unknown]]>([
    ['type', ['a', {}], ['b', {}]],
    ['type and data, cut elsewhere', ['a', { b: 1 }], ['a{"b":1}', '']],
    ['a quote in the type', ['a"', 'b'], ['a', '"b']],
    ['value', ['a', { x: 1 }], ['a', { x: 2 }]],
    ['number and text', ['a', { x: 1 }], ['a', { x: '1' }]],
    ['order of entries', ['a', [1, 2]], ['a', [2, 1]]],
    ['null and nothing', ['a', { x: null }], ['a', {}]],
  ])('differs by %s', (_name, one, other) => {
    expect(hex(...one)).not.toBe(hex(...other));
  });
});

describe('eventIdentity', () => {
  it('is 128 bits and does not change between versions', () => {
    expect(eventIdentity('ops-alert', 'ALERT-1').toString('hex')).toBe('15e07c8ee913196d53b6e01fca50fe8d');
  });

  it('keeps source and id apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
        expect(eventIdentity(a, b).equals(eventIdentity(c, d))).toBe(a === c && b === d);
      }),
    );
    expect(eventIdentity('ab', 'c')).not.toEqual(eventIdentity('a', 'bc'));
    expect(eventIdentity('1:a', 'b')).not.toEqual(eventIdentity('1', ':ab'));
    expect(eventIdentity('', '1:ab')).not.toEqual(eventIdentity('a', 'b'));
  });
});
