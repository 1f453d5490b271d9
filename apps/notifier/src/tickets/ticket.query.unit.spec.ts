import { highestOf, lowerThan } from './priority.js';
import { resolutionOf, ticketNumberOf, ticketQueryOf } from './ticket.query.js';

const malformed = (pointer: string): unknown =>
  expect.objectContaining({
    code: 'request_malformed',
    pointers: [expect.objectContaining({ pointer })] as unknown,
  });

describe('ticketQueryOf', () => {
  it('reads the parameters and their defaults', () => {
    expect(ticketQueryOf({})).toEqual({ limit: 50 });
    expect(ticketQueryOf({ status: 'all' })).toEqual({ limit: 50 });
    expect(ticketQueryOf({ status: 'open', before: '17', limit: '200' })).toEqual({
      status: 'open',
      before: 17,
      limit: 200,
    });
  });

  it.each([
    [{ limit: '0' }, '/limit'],
    [{ limit: '201' }, '/limit'],
    [{ before: '-1' }, '/before'],
    [{ before: '2147483648' }, '/before'],
    [{ status: 'closed' }, '/status'],
    [{ status: ['open', 'open'] }, '/status'],
  ])('refuses %j and names it', (query, pointer) => {
    expect(() => ticketQueryOf(query)).toThrow(malformed(pointer) as Error);
  });
});

describe('ticketNumberOf', () => {
  it('reads a number', () => expect(ticketNumberOf('17')).toBe(17));
  it.each(['', '0', 'T-17', '1e3', '2147483648'])('refuses %j', (text) =>
    expect(() => ticketNumberOf(text)).toThrow(malformed('/number') as Error),
  );
});

describe('resolutionOf', () => {
  it('reads who and how', () => {
    expect(resolutionOf({ by: ' sam ' })).toEqual({ by: 'sam' });
    expect(resolutionOf({ by: 'sam', note: 'done' })).toEqual({ by: 'sam', note: 'done' });
  });
  it.each([
    [undefined, '/by'],
    [{ by: ' ' }, '/by'],
    [{ by: 'x'.repeat(256) }, '/by'],
    [{ by: 'sam', note: 7 }, '/note'],
    [{ by: 'sam', why: 'x' }, '/'],
  ])('refuses %j and names it', (body, pointer) => {
    expect(() => resolutionOf(body)).toThrow(malformed(pointer) as Error);
  });
});

describe('priorities', () => {
  it('are ordered', () => {
    expect(lowerThan('urgent')).toEqual(['low', 'normal', 'high']);
    expect(lowerThan('low')).toEqual([]);
    expect(highestOf(['low', null, 'high', 'normal'])).toBe('high');
    expect(highestOf([null])).toBeUndefined();
  });
});
