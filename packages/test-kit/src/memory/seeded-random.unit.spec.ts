import { SeededRandom } from './seeded-random.js';

const many = <T>(draw: () => T, count = 2_000): T[] => Array.from({ length: count }, draw);

describe('SeededRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const of = (seed: number) =>
      many(
        (
          (random) => () =>
            random.fraction()
        )(new SeededRandom(seed)),
        20,
      );
    expect(of(7)).toEqual(of(7));
    expect(of(8)).not.toEqual(of(7));
  });

  it('gives fractions from 0 to below 1, spread evenly', () => {
    const random = new SeededRandom(1);
    const fractions = many(() => random.fraction());
    expect(fractions.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(fractions.reduce((sum, x) => sum + x, 0) / fractions.length).toBeCloseTo(0.5, 1);
  });

  it('gives every whole number below the end, and chances as often as asked for', () => {
    const random = new SeededRandom(2);
    expect([...new Set(many(() => random.below(5)))].sort()).toEqual([0, 1, 2, 3, 4]);
    const hits = many(() => random.chance(0.2)).filter(Boolean).length;
    expect(hits).toBeGreaterThan(300);
    expect(hits).toBeLessThan(500);
    expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  });

  it('gives ids in the form of a UUID, each another', () => {
    const random = new SeededRandom(3);
    const ids = many(() => random.uuid(), 500);
    expect(new Set(ids).size).toBe(500);
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
  });
});
