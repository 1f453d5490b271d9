import * as fc from 'fast-check';
import { countMembersInText, endOfString } from './count-members.js';

const count = (text: string): number => countMembersInText(Buffer.from(text));

const membersOf = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : Object.values(value).reduce<number>((sum, entry) => sum + membersOf(entry), 0) +
      (Array.isArray(value) ? 0 : Object.keys(value).length);

describe('countMembersInText', () => {
  it.each([
    ['{}', 0],
    ['[]', 0],
    ['{"a":1}', 1],
    ['{"a":1,"a":2}', 2],
    ['{"a":{"b":[{"c":1},{"c":2}]}}', 4],
    ['{":":":"}', 1],
    [String.raw`{"a\":b":"c\\":1}`.replace(':1', ''), 1],
    [String.raw`{"a":"\\\":\"", "b": ":" }`, 2],
  ])('%s', (text, members) => {
    expect(count(text)).toBe(members);
  });

  it('agrees with the parser for any value without repeated names', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => count(JSON.stringify(value)) === membersOf(value)));
  });
});

describe('endOfString', () => {
  it('finds the closing quote behind escapes', () => {
    const bytes = Buffer.from(String.raw`"a\"b\\"x`);
    expect(endOfString(bytes, 0)).toBe(7);
  });
});
