import type { ReleaseReport } from '@signalbox/sources';

/** A run that gave no sign for this long is taken for dead, in milliseconds. */
export const leaseMs = 60_000;

/** One line of `webhook.releases`, in the order of the topic. */
export interface ReleaseEntry {
  /** `claim`: wants to run; `sign`: still runs; `done`: has ended; `joined`: leaves it to a run that was there before. */
  readonly kind: 'claim' | 'sign' | 'done' | 'joined';
  readonly run: string;
  readonly source: string;
  readonly by: string;
  /** Milliseconds since 1970 at which it was written. */
  readonly atMs: number;
  /** Of `done`. */
  readonly report?: ReleaseReport;
}

/** The run that may release webhooks of a source now: the first that claimed it, has not ended and gives signs. */
export function holderOf(
  entries: readonly ReleaseEntry[],
  source: string,
  nowMs: number,
): string | undefined {
  const alive = new Map<string, number>();
  for (const { kind, run, source: of, atMs } of entries) {
    if (of !== source) continue;
    if (kind === 'done' || kind === 'joined') alive.delete(run);
    else if (kind === 'claim' || alive.has(run)) alive.set(run, atMs);
  }
  return [...alive].find(([, atMs]) => nowMs - atMs < leaseMs)?.[0];
}
