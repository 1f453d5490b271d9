import type { Random } from '../ports/clock.js';

const BASE_MS = 100;

/** Full-jitter exponential back-off: before try `attempt` (from 1), between a tenth of the ceiling and the ceiling. */
export function backoffMs(attempt: number, random: Random, ceilingMs = 5_000): number {
  const top = Math.min(ceilingMs, BASE_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(top * (0.1 + 0.9 * random.fraction()));
}
