import { singleHeader } from './single-header.js';

describe('singleHeader', () => {
  it.each([
    ['not there', {}, { kind: 'missing' }],
    ['undefined', { x: undefined }, { kind: 'missing' }],
    ['empty', { x: '' }, { kind: 'missing' }],
    ['an empty list', { x: [] }, { kind: 'missing' }],
    ['a list with one empty value', { x: [''] }, { kind: 'missing' }],
    ['once', { x: 'a' }, { kind: 'one', value: 'a' }],
    ['once, as a list', { x: ['a'] }, { kind: 'one', value: 'a' }],
    ['twice, joined by Node', { x: 'a, b' }, { kind: 'repeated' }],
    ['twice, as a list', { x: ['a', 'b'] }, { kind: 'repeated' }],
    ['a list within a list', { x: [['a']] as unknown as string[] }, { kind: 'repeated' }],
  ])('%s', (_, headers, expected) => {
    expect(singleHeader(headers, 'x')).toEqual(expected);
  });

  it('takes nothing from the prototype for text', () => {
    expect(singleHeader({}, 'constructor')).toEqual({ kind: 'missing' });
  });
});
