import * as fc from 'fast-check';
import { memberOf, parseJson, utf8, valueAt, withValueAt } from './json.js';

it('gives undefined for what is no JSON', () => {
  for (const text of ['', '{', 'undefined', '{"a":1}x']) expect(parseJson(text)).toBeUndefined();
  expect(parseJson(Buffer.from('{"ä":"€"}'))).toEqual({ ä: '€' });
});

it('reads the text of part of a larger buffer', () => {
  expect(utf8(Buffer.from('abcdef').subarray(2, 4))).toBe('cd');
});

it('takes nothing from the prototype', () => {
  expect(memberOf({}, 'constructor')).toBeUndefined();
  expect(memberOf(parseJson('{"__proto__":{"a":1}}'), 'a')).toBeUndefined();
  for (const value of [null, undefined, 'text', 7]) expect(memberOf(value, 'length')).toBeUndefined();
});

it('finds what it has put, and leaves the rest and the given value alone', () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue()),
      fc.array(name, { minLength: 1, maxLength: 4 }),
      (value, steps) => {
        const before = JSON.stringify(value);
        const pointer = steps.map((step) => `/${step}`).join('');
        const placed = withValueAt(value, pointer, 42);
        expect(valueAt(placed, pointer)).toBe(42);
        expect(JSON.stringify(value)).toBe(before);
        for (const other of Object.keys(value).filter((key) => key !== steps[0]))
          expect(memberOf(placed, other)).toEqual(value[other]);
      },
    ),
  );
});

it('replaces what is in the way', () => {
  expect(withValueAt('text', '/a/b', 1)).toEqual({ a: { b: 1 } });
  expect(withValueAt({ a: [1] }, '/a/b', 1)).toEqual({ a: { b: 1 } });
});
