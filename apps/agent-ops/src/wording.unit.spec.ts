import { clip, counted, duration } from './wording.js';

describe('clip', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['much too long', 6, 'much …'],
    ['a\u0000b\tc\nd', 20, 'a b c\nd'],
    ['🚨🚨🚨', 4, '🚨…'],
    ['broken \ud83d', 20, 'broken \ufffd'],
  ])('%j to %i', (text, max, expected) => expect(clip(text, max)).toBe(expected));
});

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3_599, '59 min'],
    [3_600, '1 h'],
    [3_900, '1 h 5 min'],
    [86_400, '1 d'],
    [97_200, '1 d 3 h'],
  ])('%i s is %s', (seconds, expected) => expect(duration(seconds)).toBe(expected));
});

it('counts', () => {
  expect(counted(1, 'alert')).toBe('1 alert');
  expect(counted(0, 'alert')).toBe('0 alerts');
});
