import { median, quantile, significant, spread } from './stats.js';

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('%d of 1 to 100 is %d', (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  it('of few values is the largest rather than an invented one', () => {
    expect(quantile([1, 2, 30], 0.99)).toBe(30);
  });
});

describe('spread', () => {
  it('compares the extremes with the median', () => {
    expect(spread([90, 100, 120])).toBeCloseTo(0.3);
    expect(spread([7, 7, 7])).toBe(0);
  });
});

describe('significant', () => {
  it('keeps the leading digits', () => {
    expect(significant(12_345.678)).toBe(12_350);
    expect(significant(0.000123456, 3)).toBe(0.000123);
    expect(significant(Infinity)).toBe(Infinity);
  });
});
