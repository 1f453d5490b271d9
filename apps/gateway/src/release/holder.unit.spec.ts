import { holderOf, leaseMs, type ReleaseEntry } from './holder.js';

const at = (kind: ReleaseEntry['kind'], run: string, atMs: number, source = 'shop'): ReleaseEntry => ({
  kind,
  run,
  source,
  by: 'kim',
  atMs,
});

describe('who may release', () => {
  it('is the first who claimed it', () => {
    expect(holderOf([at('claim', 'a', 0), at('claim', 'b', 0)], 'shop', 10)).toBe('a');
    expect(holderOf([at('claim', 'b', 5), at('claim', 'a', 0)], 'shop', 10)).toBe('b');
    expect(holderOf([], 'shop', 10)).toBeUndefined();
  });

  it('is nobody who has ended, and nobody who left it to another', () => {
    expect(holderOf([at('claim', 'a', 0), at('claim', 'b', 0), at('done', 'a', 5)], 'shop', 10)).toBe('b');
    expect(
      holderOf(
        [at('claim', 'a', 0), at('claim', 'b', 0), at('joined', 'b', 1), at('done', 'a', 5)],
        'shop',
        10,
      ),
    ).toBeUndefined();
  });

  it('is nobody who gave no sign for a minute', () => {
    const entries = [at('claim', 'a', 0), at('claim', 'b', 30_000)];
    expect(holderOf(entries, 'shop', leaseMs)).toBe('b');
    expect(holderOf([...entries, at('sign', 'a', 30_000)], 'shop', leaseMs)).toBe('a');
    expect(holderOf(entries, 'shop', leaseMs * 3)).toBeUndefined();
  });

  it('does not come back by a late sign, and is found for each source alone', () => {
    expect(
      holderOf([at('claim', 'a', 0), at('done', 'a', 1), at('sign', 'a', 2)], 'shop', 3),
    ).toBeUndefined();
    expect(holderOf([at('claim', 'a', 0, 'other'), at('claim', 'b', 0)], 'shop', 3)).toBe('b');
  });
});
