import { progress } from './output.js';
import { summarise, type Role, type Sample, type SideResult } from './result.js';
import { fitsAnother, remainingMs } from './time-limit.js';

/** One of those that are compared. */
export interface Side {
  readonly name: string;
  readonly role: Role;
  /** One measured run; rejects when it failed or an event was lost. `round` 0 is the warm-up. */
  run(round: number): Promise<Sample>;
}

export interface RoundOptions {
  /** Rounds that count; as few as one when the run has a limit of time and no more fit. */
  readonly rounds: number;
  /** A round before them warms up compilers and caches; default: true. */
  readonly warmUp?: boolean;
  /** The share of the time left that these rounds may take, 0 to 1; default: 1. */
  readonly timeShare?: number;
}

/**
 * Runs the sides A B C A B C …: whatever else the machine does meets them all alike. A first round warms up and does not
 * count, unless `warmUp` is false.
 */
export async function interleave(
  sides: readonly Side[],
  { rounds, warmUp = true, timeShare = 1 }: RoundOptions,
): Promise<SideResult[]> {
  const samples = sides.map((): Sample[] => []);
  const first = warmUp ? 0 : 1;
  const startedMs = performance.now();
  const allowedMs = remainingMs() * timeShare;
  const hasTime = (round: number): boolean =>
    round <= 1 || fitsAnother({ rounds: round - first, elapsedMs: performance.now() - startedMs, allowedMs });
  for (let round = first; round <= rounds && hasTime(round); round += 1) {
    for (const [at, side] of sides.entries()) {
      const sample = await side.run(round);
      const rate = Math.round(sample.events / sample.seconds);
      progress(`  round ${round === 0 ? 'warm-up' : round}: ${side.name} ${rate}/s`);
      if (round > 0) samples[at]?.push(sample);
    }
  }
  return sides.map(({ name, role }, at) => summarise(name, role, samples[at] ?? []));
}
