const firstMs = 500;
const longestMs = 30_000;
/** A process that ran this long counts as sound: the next crash is its first again. */
const soundAfterMs = 60_000;

/** How many crashes in a row, after a run of `ranMs`. */
export function crashesInARow(before: number, ranMs: number): number {
  return ranMs >= soundAfterMs ? 1 : before + 1;
}

/** Wait before the next start, in milliseconds: 500, doubled with each crash in a row, at most 30,000. */
export function restartDelayMs(crashes: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(crashes - 1, 10));
}
