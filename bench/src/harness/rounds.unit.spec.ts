import type { Sample } from './result.js';
import { interleave, type Side } from './rounds.js';
import { limitTime } from './time-limit.js';

const twoSides = (): { sides: readonly Side[]; runs: string[] } => {
  const runs: string[] = [];
  const sideOf = (name: string, perSecond: number): Side => ({
    name,
    role: 'ours',
    run: (round): Promise<Sample> => {
      runs.push(`${name}${round}`);
      // The warm-up is far slower: it must not count.
      return Promise.resolve({ events: round === 0 ? 1 : perSecond, seconds: 1, cpuSeconds: 0 });
    },
  });
  return { sides: [sideOf('a', 100), sideOf('b', 50)], runs };
};

describe('sides in turn', () => {
  afterEach(() => limitTime(Infinity));

  it('run a b a b, the warm-up first and not counted', async () => {
    const { sides, runs } = twoSides();
    const [a, b] = await interleave(sides, { rounds: 2 });
    expect(runs).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
    expect([a?.perSecondMin, b?.perSecondMin, a?.rounds]).toEqual([100, 50, 2]);
  });

  it('run once when the time is over before they began, all of them', async () => {
    const { sides, runs } = twoSides();
    limitTime(0);
    const [a, b] = await interleave(sides, { rounds: 5, warmUp: false });
    expect(runs).toEqual(['a1', 'b1']);
    expect([a?.rounds, b?.rounds]).toEqual([1, 1]);
  });

  it('take their share of the time left and leave the rest to others', async () => {
    const { sides, runs } = twoSides();
    limitTime(performance.now() + 3_600_000);
    await interleave(sides, { rounds: 5, timeShare: 0 });
    expect(runs).toEqual(['a0', 'b0', 'a1', 'b1']);
  });
});
