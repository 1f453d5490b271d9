import { aroundChanges, lineDiff } from './diff.js';
import { difference, textMatching } from './match.js';

describe('lineDiff', () => {
  it('is empty for equal texts', () => expect(lineDiff('a\nb', 'a\nb')).toBe(''));

  it('marks what went and what came, and keeps the common lines', () => {
    expect(lineDiff('a\nb\nc', 'a\nx\nc\nd')).toBe('  a\n- b\n+ x\n  c\n+ d');
    expect(lineDiff('a\nb', 'b')).toBe('- a\n  b');
  });

  it('shows very long texts one after the other', () => {
    const long = Array.from({ length: 2_001 }, (_, index) => `line ${index}`).join('\n');
    expect(lineDiff(long, 'short').split('\n')).toHaveLength(2_002);
  });
});

describe('difference', () => {
  it('does not mind the order of names nor fields that are undefined', () => {
    expect(difference({ a: 1, b: undefined, c: [2] }, { c: [2], a: 1 })).toBe('');
  });

  it.each<[unknown, unknown]>([
    [{ a: 1 }, { a: '1' }],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: null }, {}],
    [new Date(0), new Date(1)],
    [NaN, null],
    [undefined, null],
  ])('tells %j from %j', (expected, actual) => expect(difference(expected, actual)).not.toBe(''));

  it('compares numbers that JSON cannot write, and dates', () => {
    expect(difference({ a: NaN, b: new Date(5) }, { a: NaN, b: new Date(5) })).toBe('');
  });

  it('asks matchers, each time anew', () => {
    const word = textMatching(/word/g);
    expect(difference([word, word], ['a word', 'words'])).toBe('');
    expect(difference(word, 5)).toContain('text matching /word/g');
    expect(difference(expect.any(Number), 5)).toBe('');
  });
});

it('shows what is near a change, and where something was left out', () => {
  const lines = Array.from({ length: 12 }, (_none, n) => `  ${n}`);
  const diff = [...lines, '- old', '+ new', ...lines, '+ more'].join('\n');
  expect(aroundChanges(diff, 1).split('\n')).toEqual([
    ...['  …', '  11', '- old', '+ new', '  0'],
    ...['  …', '  11', '+ more'],
  ]);
  expect(aroundChanges('  a\n- b')).toBe('  a\n- b');
});
