import { deepFreeze, storedForm } from './freeze.js';
import { unstorablePart } from './storable.js';

class Money {
  constructor(readonly cents: number) {}
}

describe('unstorablePart', () => {
  it.each([
    [{ a: [1, 'two', null, true, { b: undefined }] }],
    ['text'],
    [null],
    [undefined],
    [Object.assign(Object.create(null) as object, { a: 1 })],
    [[]],
  ])('finds nothing wrong with %j', (value) => expect(unstorablePart(value)).toBeUndefined());

  it.each<[string, unknown, string]>([
    ['a date', { at: new Date(0) }, '/at is a Date'],
    ['a map in a list', [new Map()], '/0 is a Map'],
    ['an object of a class', { price: new Money(5) }, '/price is a Money'],
    ['infinity', { a: { b: Infinity } }, '/a/b is Infinity'],
    ['a bigint', { a: 1n }, '/a is a bigint'],
    ['a function', { a: () => 1 }, '/a is a function'],
    ['a symbol', Symbol('a'), '/ is a symbol'],
    ['a gap in a list', [1, undefined], '/1 is an undefined element'],
    ['a NUL character', ['a\0'], '/0 holds a NUL character'],
    ['NaN itself', NaN, '/ is NaN'],
  ])('finds %s', (_what, value, problem) => expect(unstorablePart(value)).toBe(problem));
});

describe('storedForm', () => {
  it('is a copy without fields that are undefined', () => {
    const value = { a: undefined, b: { c: [1] } };
    const stored = storedForm(value);
    expect(stored).toStrictEqual({ b: { c: [1] } });
    expect(stored.b).not.toBe(value.b);
  });

  it('leaves undefined as it is', () => expect(storedForm(undefined)).toBeUndefined());
});

describe('deepFreeze', () => {
  it('freezes to the leaves and hands back the same value', () => {
    const value = { a: { b: [{ c: 1 }] } };
    expect(deepFreeze(value)).toBe(value);
    expect(() => value.a.b.push({ c: 2 })).toThrow(TypeError);
    expect(() => (value.a.b[0]!.c = 2)).toThrow(TypeError);
  });

  it.each([1, 'a', null, undefined])('leaves %j alone', (value) => expect(deepFreeze(value)).toBe(value));
});
