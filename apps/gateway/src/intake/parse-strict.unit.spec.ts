import { SignalboxError } from '@signalbox/errors';
import * as fc from 'fast-check';
import { duplicateMember } from './duplicate-member.js';
import { parseStrict } from './parse-strict.js';

const refusal = (body: string | Uint8Array, depthMax = 31): SignalboxError => {
  try {
    parseStrict(Buffer.from(body as string), depthMax);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  throw new Error('the body was taken');
};

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('parseStrict takes', () => {
  it.each([
    ['an empty object', '{}'],
    ['every kind of value', '{"a":[1,-2.5e3,"x",true,false,null,{"b":{}}]}'],
    ['the same name in different objects', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}'],
    ['escapes that are whole characters', String.raw`{"a":"\u00e9\ud83d\ude00\n"}`],
    ['a name that looks like a member', '{"a\\":1,\\"a":1}'],
    ['names of Object.prototype', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
    ['31 levels', nested(31)],
  ])('%s', (_, body) => {
    expect(parseStrict(Buffer.from(body), 31)).toEqual(JSON.parse(body));
  });

  it('any JSON object, unchanged', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (object) => {
        const text = JSON.stringify(object);
        fc.pre(!/\\u(?:0000|d[89a-f])|__proto__/i.test(text));
        expect(parseStrict(Buffer.from(text), 31)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('parseStrict refuses', () => {
  it.each([
    ['nothing', '', 'empty'],
    ['text', 'hello', 'not JSON'],
    ['half an object', '{"a":1', 'not JSON'],
    ['a trailing comma', '{"a":1,}', 'not JSON'],
    ['two objects', '{}{}', 'not JSON'],
    ['a comment', '{/**/}', 'not JSON'],
    ['NaN', '{"a":NaN}', 'not JSON'],
    ['a raw control character', '{"a":"\u0001"}', 'not JSON'],
    ['an array', '[]', 'object'],
    ['a string', '"x"', 'object'],
    ['null', 'null', 'object'],
    ['an escaped NUL', String.raw`{"a":"\u0000"}`, 'NUL'],
    ['half a surrogate pair', String.raw`{"a":"\ud800"}`, 'surrogate'],
    ['the halves in wrong order', String.raw`{"a":"\ude00\ud83d"}`, 'surrogate'],
    ['half a surrogate pair in a name', String.raw`{"\udfff":1}`, 'surrogate'],
    ['32 levels', nested(32), 'deep'],
    ['100,000 levels', nested(100_000), 'deep'],
    ['__proto__', '{"__proto__":{"admin":true}}', '__proto__'],
    ['__proto__ in escapes', String.raw`{"a":[{"\u005f_proto__":1}]}`, '__proto__'],
    ['a number beyond a double', '{"a":[1e999]}', 'number'],
    ['a number below a double', '{"a":-1e999}', 'number'],
  ])('%s', (_, body, words) => {
    const error = refusal(body);
    expect(error.code).toBe('body_not_json');
    expect(error.message).toContain(words);
    expect(error.pointers).toHaveLength(1);
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a cut character', [0xe2, 0x82]],
  ])('invalid UTF-8: %s', (_, bytes) => {
    const error = refusal(Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]));
    expect(error.message).toContain('UTF-8');
  });

  it.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"x":{"b":[0,{"c":1,"d":2,"c":3}]}}', '/x/b/1/c'],
    ['{"a/b":{"~":1,"~":1}}', '/a~1b/~0'],
    ['{"a":"{\\"a\\":1,","b":1,"b":[]}', '/b'],
  ])('a repeated name: %s', (body, pointer) => {
    const error = refusal(body);
    expect(error.pointers).toEqual([{ pointer, message: 'occurs more than once' }]);
  });

  it('without quoting the body', () => {
    expect(refusal('{"secret":"hunter2"').message).not.toContain('hunter2');
  });

  it('any bytes with nothing but body_not_json', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(refusal(bytes).code).toBe('body_not_json');
      }),
    );
  });
});

describe('duplicateMember', () => {
  it('finds none in any value the serialiser writes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) => duplicateMember(Buffer.from(JSON.stringify(value))) === undefined,
      ),
    );
  });
});
