import { trialState } from './trial.state.js';
import { featuresMax, mostUsed, withUsage, type Usage } from './usage.js';

const full: Usage = Object.fromEntries(Array.from({ length: featuresMax }, (_, n) => [`feature-${n}`, 1]));

describe('withUsage', () => {
  it('adds up by feature and leaves the old value alone', () => {
    const before = Object.freeze({ export: 1 });
    expect(withUsage(before, 'export', 2)).toEqual({ export: 3 });
    expect(withUsage(before, 'import', 2)).toEqual({ export: 1, import: 2 });
  });

  it('sums further features under other once 200 are known', () => {
    const more = withUsage(withUsage(full, 'one-more', 5), 'and-another', 7);
    expect(more['other']).toBe(12);
    expect(Object.keys(more)).toHaveLength(featuresMax + 1);
    expect(withUsage(more, 'feature-7', 1)['feature-7']).toBe(2);
  });

  it('does not count a feature called other among the 200', () => {
    const { 'feature-0': _left, ...rest } = full;
    expect(withUsage({ ...rest, other: 1 }, 'last', 1)['last']).toBe(1);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'counts a feature called %s like any other',
    (feature) => {
      expect(withUsage(withUsage({}, feature, 1), feature, 2)).toEqual({ [feature]: 3 });
    },
  );

  it('counts __proto__ under other and stops at the largest whole number', () => {
    expect(withUsage({}, '__proto__', 1)).toEqual({ other: 1 });
    expect(withUsage({ a: Number.MAX_VALUE / 2 }, 'a', Number.MAX_VALUE)).toEqual({
      a: Number.MAX_SAFE_INTEGER,
    });
  });

  it('stays within the schema of the state', () => {
    const used = withUsage(withUsage(full, 'x', 1), 'y', 1);
    expect(
      trialState.schema.safeParse({ status: 'usage_only', usage: used, last_used_at: null }).success,
    ).toBe(true);
    const tooMany = { ...used, 'one-too-many': 1 };
    expect(
      trialState.schema.safeParse({ status: 'usage_only', usage: tooMany, last_used_at: null }).success,
    ).toBe(false);
  });
});

describe('mostUsed', () => {
  it('names the most used first, equal ones by name, and neither other nor unused ones', () => {
    expect(mostUsed({ b: 2, other: 99, a: 2, c: 5, d: 0 }, 3)).toEqual(['c', 'a', 'b']);
    expect(mostUsed({}, 3)).toEqual([]);
  });
});
