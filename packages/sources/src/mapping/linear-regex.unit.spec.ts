import * as fc from 'fast-check';
import { LinearRegex } from './linear-regex.js';

/** Every match of a text: where it lies, what it is, and its groups. */
function matches(
  regex: {
    lastIndex: number;
    exec(text: string): (ArrayLike<string | undefined> & { index: number }) | null;
  },
  text: string,
) {
  const found: { index: number; groups: (string | undefined)[] }[] = [];
  regex.lastIndex = 0;
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
    found.push({ index: match.index, groups: Array.from(match) });
  }
  return found;
}

const patterns = [/a+b/g, /([a-c])(\d)?/g, /^a|b$/g, /[^ab]{1,3}/g, /(?:ab|ba)+c?/gi, /\bb\w/g];

describe('a linear regular expression', () => {
  it.each(patterns.map((pattern) => [pattern]))('%s finds in any text what RegExp finds', (pattern) => {
    const linear = new LinearRegex(pattern);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '-'), maxLength: 40 });
    fc.assert(
      fc.property(text, (one) => expect(matches(linear, one)).toEqual(matches(new RegExp(pattern), one))),
      { numRuns: 200 },
    );
  });

  it.each(['(?=a)', '(?<!a)b', '(a)\\1'])('does not know %s', (source) => {
    expect(() => new LinearRegex(source)).toThrow();
  });

  it('begins anew after the last match, as RegExp does', () => {
    const linear = new LinearRegex(/a/g);
    expect([linear.exec('ba')?.index, linear.lastIndex]).toEqual([1, 2]);
    expect([linear.exec('ba'), linear.lastIndex]).toEqual([null, 0]);
  });
});
