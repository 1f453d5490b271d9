import { jsonDiff } from './json-diff.js';

describe('jsonDiff', () => {
  it.each([
    ['nothing', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['a value', { a: { b: 1 } }, { a: { b: '1' } }, [{ pointer: '/a/b', before: 1, after: '1' }]],
    ['a field that came', {}, { a: 1 }, [{ pointer: '/a', after: 1 }]],
    ['a field that went', { a: null }, {}, [{ pointer: '/a', before: null }]],
    ['an item', { a: [1, 2] }, { a: [1, 3] }, [{ pointer: '/a/1', before: 2, after: 3 }]],
    ['a longer list', { a: [1] }, { a: [1, 2] }, [{ pointer: '/a/1', after: 2 }]],
    ['a list for an object', { a: {} }, { a: [] }, [{ pointer: '/a', before: {}, after: [] }]],
    ['null for an object', { a: null }, { a: {} }, [{ pointer: '/a', before: null, after: {} }]],
    ['the whole', undefined, { a: 1 }, [{ pointer: '', after: { a: 1 } }]],
    [
      'names that pointers escape',
      { 'a/b~': 1 },
      { 'a/b~': 2 },
      [{ pointer: '/a~1b~0', before: 1, after: 2 }],
    ],
  ])('tells %s', (_what, before, after, changes) => {
    expect(jsonDiff(before, after)).toEqual(changes);
  });

  it('does not take what every object has for a field', () => {
    expect(jsonDiff({}, JSON.parse('{"__proto__": 1, "toString": 2}'))).toEqual([
      { pointer: '/__proto__', after: 1 },
      { pointer: '/toString', after: 2 },
    ]);
  });

  it('ends somewhere', () => {
    const many = (n: number) => Array.from({ length: 2_000 }, () => n);
    expect(jsonDiff(many(1), many(2))).toHaveLength(1_000);
  });
});
