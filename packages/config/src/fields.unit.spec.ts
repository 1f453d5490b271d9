import type { z } from 'zod';
import { commaList, flag, hostPortList, listenPort, postgresUrl, wholeNumber } from './fields.js';

const message = (schema: z.ZodType, input: string): string | undefined =>
  schema.safeParse(input).error?.issues[0]?.message;

describe('flag', () => {
  it.each(['true', '1', 'yes', 'on', 'TRUE', 'On'])('%s is true', (input) => {
    expect(flag.parse(input)).toBe(true);
  });
  it.each(['false', '0', 'no', 'off', 'FALSE', 'Off'])('%s is false', (input) => {
    expect(flag.parse(input)).toBe(false);
  });
  it.each(['', ' true', '2', 'y', 'enabled'])('%j is neither', (input) => {
    expect(message(flag, input)).toBe('must be true or false');
  });
});

describe('wholeNumber', () => {
  const from1To10 = wholeNumber(1, 10);
  it.each([
    ['1', 1],
    ['10', 10],
    ['007', 7],
  ])('%s', (input, value) => {
    expect(from1To10.parse(input)).toBe(value);
  });
  it.each([
    ['0', 'must be at least 1'],
    ['11', 'must be at most 10'],
    ['-1', 'must be at least 1'],
    ['1.5', 'must be a whole number'],
    ['1e1', 'must be a whole number'],
    [' 1', 'must be a whole number'],
    ['0x1', 'must be a whole number'],
    ['', 'must be a whole number'],
    ['9'.repeat(16), 'must be a whole number'],
  ])('refuses %j', (input, expected) => {
    expect(message(from1To10, input)).toBe(expected);
  });
});

describe('commaList', () => {
  it('drops blanks around entries', () => {
    expect(commaList.parse(' a , b,c ')).toEqual(['a', 'b', 'c']);
  });
  it.each(['', ',', 'a,', ',a', 'a,,b', ' '])('refuses the empty entry in %j', (input) => {
    expect(message(commaList, input)).toBe('must not hold an empty entry');
  });
});

describe('hostPortList', () => {
  it.each([
    ['127.0.0.1:19092', ['127.0.0.1:19092']],
    ['kafka-0.example:9092, kafka-1.example:9092', ['kafka-0.example:9092', 'kafka-1.example:9092']],
    ['[::1]:9092', ['[::1]:9092']],
  ])('%s', (input, value) => {
    expect(hostPortList.parse(input)).toEqual(value);
  });
  it.each(['localhost', 'localhost:', ':9092', 'a b:1', '::1:9092', 'http://x:1/', 'x:123456'])(
    'refuses %s',
    (input) => {
      expect(message(hostPortList, input)).toBe('must be host:port');
    },
  );
});

describe('listenPort', () => {
  it.each([
    ['0', 0],
    ['65535', 65_535],
  ])('%s', (input, value) => {
    expect(listenPort.parse(input)).toBe(value);
  });
  it('refuses 65536', () => {
    expect(message(listenPort, '65536')).toBe('must be at most 65535');
  });
});

describe('postgresUrl', () => {
  it.each(['postgres://u:p@127.0.0.1:15432/signalbox', 'postgresql://host/db?sslmode=verify-full'])(
    '%s',
    (input) => {
      expect(postgresUrl.parse(input)).toBe(input);
    },
  );
  it.each([
    ['mysql://host/db', 'must begin with postgres:// or postgresql://'],
    ['host=127.0.0.1 dbname=x', 'must begin with postgres:// or postgresql://'],
    ['postgres://host:notaport/db', 'is not a URL'],
  ])('refuses %s', (input, expected) => {
    expect(message(postgresUrl, input)).toBe(expected);
  });
});
