import { progress } from './output.js';
import { summarise, type Role, type Sample, type SideResult } from './result.js';

/** One of those that are compared. */
export interface Side {
  readonly name: string;
  readonly role: Role;
  /** One measured run; rejects when it failed or an event was lost. `round` 0 is the warm-up. */
  run(round: number): Promise<Sample>;
}

/**
 * Runs the sides A B C A B C …: whatever else the machine does meets them all alike. A first round warms up compilers
 * and caches and does not count, unless `warmUp` is false.
 */
export async function interleave(
  sides: readonly Side[],
  rounds: number,
  warmUp = true,
): Promise<SideResult[]> {
  const samples = sides.map((): Sample[] => []);
  for (let round = warmUp ? 0 : 1; round <= rounds; round += 1) {
    for (const [at, side] of sides.entries()) {
      const sample = await side.run(round);
      const rate = Math.round(sample.events / sample.seconds);
      progress(`  round ${round === 0 ? 'warm-up' : round}: ${side.name} ${rate}/s`);
      if (round > 0) samples[at]?.push(sample);
    }
  }
  return sides.map(({ name, role }, at) => summarise(name, role, samples[at] ?? []));
}
