/** When the measuring of this run must end, in monotonic milliseconds since the process started. */
let endsAtMs = Infinity;

/** A run has time until so many milliseconds after its process started; what it measures in rounds then takes as many as fit. */
export function limitTime(ms: number): void {
  endsAtMs = ms;
}

/** Milliseconds that are left for measuring; Infinity without a limit. */
export const remainingMs = (nowMs = performance.now()): number => endsAtMs - nowMs;

export interface Elapsed {
  /** Rounds done, the warm-up included. */
  readonly rounds: number;
  /** Since the first of them began. */
  readonly elapsedMs: number;
  /** What these rounds and those to come may take together. */
  readonly allowedMs: number;
}

/** Whether one more round as long as those before it still fits. */
export const fitsAnother = ({ rounds, elapsedMs, allowedMs }: Elapsed): boolean =>
  elapsedMs + elapsedMs / rounds <= allowedMs;
