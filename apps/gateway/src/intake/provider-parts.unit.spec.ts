import type { SignalboxError } from '@signalbox/errors';
import { calledUrl } from '../sources/called-url.js';
import { locate } from './locate.js';
import { parsePayload } from './parse-payload.js';

describe('where a text lies', () => {
  const payload = {
    id: 7,
    event: { 'a/b': 'deep', list: [{ id: 'first' }] },
    form: 'field',
    long: 'x'.repeat(151),
  };

  it.each([
    [{ header: 'x-id' }, 'h-1'],
    [{ pointer: '/id' }, '7'],
    [{ pointer: '/event/a~1b' }, 'deep'],
    [{ pointer: '/event/list/0/id' }, 'first'],
    [{ form: 'form' }, 'field'],
  ])('%j', (place, expected) => expect(locate(place, { 'x-id': 'h-1' }, payload)).toBe(expected));

  it.each([
    [{ header: 'x-none' }],
    [{ header: 'x-blank' }],
    [{ pointer: '/event' }],
    [{ pointer: '/event/none/deeper' }],
    [{ pointer: '/constructor/name' }],
    [{ pointer: '/long' }],
    [undefined],
  ])('nothing usable at %j', (place) => {
    expect(locate(place, { 'x-blank': 'two words' }, payload)).toBeUndefined();
  });
});

const parse = (body: string, type?: string, depthMax = 32): unknown =>
  parsePayload(Buffer.from(body), type === undefined ? {} : { 'content-type': type }, depthMax);
const failure = (body: string | Buffer, type: string): SignalboxError => {
  try {
    parsePayload(Buffer.from(body as string), { 'content-type': type }, 32);
  } catch (error) {
    return error as SignalboxError;
  }
  throw new Error('it was parsed');
};

describe('a payload', () => {
  it.each([
    ['{"a":1}', undefined, { a: 1 }],
    ['[{"a":1}]', 'application/json; charset=utf-8', [{ a: 1 }]],
    ['{"a":1}', 'application/cloudevents+json', { a: 1 }],
    ['a=1&b=x+y&a=2', 'application/x-www-form-urlencoded', { a: ['1', '2'], b: 'x y' }],
    ['<xml/>', 'application/xml', undefined],
  ])('%s as %s', (body, type, expected) => expect(parse(body, type)).toEqual(expected));

  it.each([
    ['"text"', 'application/json'],
    ['[1,', 'application/json'],
    ['[{"a":1,"a":2}]', 'application/json'],
    ['a=%00', 'application/x-www-form-urlencoded'],
    ['__proto__=1', 'application/x-www-form-urlencoded'],
    [Buffer.from([0x61, 0x3d, 0xff]), 'application/x-www-form-urlencoded'],
    [Array.from({ length: 1_001 }, (_, n) => `f${n}=1`).join('&'), 'application/x-www-form-urlencoded'],
  ])('%s as %s cannot be read', (body, type) => expect(failure(body, type).code).toBe('body_not_json'));

  it('is as deep as its source allows', () => {
    expect(() => parse('[[[1]]]', 'application/json', 2)).toThrow('nested too deeply');
  });
});

it('knows the address that was called', () => {
  const request = { url: '/webhooks/a?b=1', headers: { host: 'gateway:3000' } } as Parameters<
    typeof calledUrl
  >[1];
  expect(calledUrl('https://hooks.example.com', request, false)).toBe(
    'https://hooks.example.com/webhooks/a?b=1',
  );
  expect(calledUrl(undefined, request, false)).toBe('http://gateway:3000/webhooks/a?b=1');
  expect(calledUrl(undefined, request, true)).toBe('https://gateway:3000/webhooks/a?b=1');
});
