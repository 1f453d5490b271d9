import { loadSettings } from '@signalbox/config';
import { z } from 'zod';
import { report } from './report.js';
import { World, type Outcome } from './world.js';

const settings = loadSettings(
  z.object({
    /** Replays this run alone. */
    SIM_SEED: z.coerce.number().int().optional(),
    SIM_FROM: z.coerce.number().int().default(1),
    /** Runs, at most; without it as many as fit into the budget. */
    SIM_SEEDS: z.coerce.number().int().min(1).optional(),
    SIM_BUDGET_MS: z.coerce.number().int().min(1).default(60_000),
  }),
);

/** So many run however busy the machine is: by then nine of the mutants of `npm run mutants` are found. */
const runsMin = 24;

/** Runs seed after seed until one fails, the count is reached or the time is up. */
async function runSeeds(): Promise<{ runs: number; failed?: Outcome }> {
  const { SIM_SEED, SIM_FROM, SIM_SEEDS, SIM_BUDGET_MS } = settings;
  const first = SIM_SEED ?? SIM_FROM;
  const startedMs = performance.now();
  for (let runs = 0; ; runs += 1) {
    const isEnough = SIM_SEED === undefined ? (SIM_SEEDS ?? Infinity) : 1;
    const isLate = SIM_SEEDS === undefined && performance.now() - startedMs > SIM_BUDGET_MS;
    if (runs >= isEnough || (runs >= runsMin && isLate)) return { runs };
    const outcome = await new World(first + runs).run();
    if (outcome.broken.length > 0) return { runs: runs + 1, failed: outcome };
  }
}

describe('simulation', () => {
  it('keeps every promise under crashes, zombies, lost answers and rebalances', async () => {
    const { runs, failed } = await runSeeds();
    expect(failed && report(failed)).toBeUndefined();
    expect(runs).toBeGreaterThan(0);
  }, 36_000_000);

  it('replays a seed step by step', async () => {
    const [first, second] = [await new World(7).run(), await new World(7).run()];
    expect(first.history.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
    expect((await new World(8).run()).history).not.toEqual(first.history);
  });
});
