import type { Lane } from '../network/network.js';

/** What a day less on the way is worth, in US dollars for one container: turns days and cost into one score. */
export const dayValueUsd = 200;
/** Unloading and loading again at each port between. */
export const transferDays = 1;
export const transferCostUsd = 150;

/** What a way costs all in all, in US dollars: cost + days x 200. Lower is better. */
export const scoreUsd = (days: number, costUsd: number): number => costUsd + days * dayValueUsd;

/** How one lane counts in a search; each lane after the first also carries the transfer before it. */
export type LaneScore = (lane: Lane, extraDays: number, afterTransfer: boolean) => number;

/** Best value: the score in US dollars. */
export const byValue: LaneScore = (lane, extraDays, afterTransfer) =>
  scoreUsd(byDays(lane, extraDays, afterTransfer), lane.cost_usd + (afterTransfer ? transferCostUsd : 0));

/** Quickest: the score is days. */
export const byDays: LaneScore = (lane, extraDays, afterTransfer) =>
  lane.days + extraDays + (afterTransfer ? transferDays : 0);
