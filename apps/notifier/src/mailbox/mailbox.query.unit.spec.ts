import { mailboxQueryOf } from './mailbox.query.js';
import { withoutNul } from './without-nul.js';

it('reads the parameters and their defaults', () => {
  expect(mailboxQueryOf({})).toEqual({ limit: 50 });
  expect(mailboxQueryOf({ channel: 'slack', before: '17', limit: '200' })).toEqual({
    channel: 'slack',
    before: 17n,
    limit: 200,
  });
});

it.each([
  [{ limit: '0' }, '/limit'],
  [{ limit: '201' }, '/limit'],
  [{ limit: '1e1' }, '/limit'],
  [{ before: '-1' }, '/before'],
  [{ before: ['1', '2'] }, '/before'],
  [{ channel: 'fax' }, '/channel'],
])('refuses %j and names it', (query, pointer) => {
  expect(() => mailboxQueryOf(query)).toThrow(
    expect.objectContaining({
      code: 'request_malformed',
      pointers: [expect.objectContaining({ pointer })] as unknown,
    }),
  );
});

it('takes U+0000 out of texts and keys, however deep', () => {
  expect(withoutNul({ 'a\u0000': ['b\u0000c', { d: '\u0000' }], n: 1, z: null })).toEqual({
    a: ['bc', { d: '' }],
    n: 1,
    z: null,
  });
});
