/** Failures in a row after which a destination is left alone. */
const FAILURES_MAX = 5;
const OPEN_MS_MIN = 10_000;
const OPEN_MS_MAX = 300_000;

export type CircuitState = 'closed' | 'open' | 'half_open';

/**
 * A circuit breaker: after five failures in a row the destination is left alone for 10 s, then one call tries it; if
 * that fails too, it is left alone twice as long, up to five minutes. One success closes it.
 */
export class Circuit {
  private failures = 0;
  private openMs = OPEN_MS_MIN;
  private openUntilMs: number | undefined;

  state(nowMs: number): CircuitState {
    if (this.openUntilMs === undefined) return 'closed';
    return nowMs < this.openUntilMs ? 'open' : 'half_open';
  }

  /** Milliseconds until a call may try the destination, 0 when it may now. */
  msToProbe(nowMs: number): number {
    return Math.max(0, (this.openUntilMs ?? nowMs) - nowMs);
  }

  /** Whether it has just closed. */
  succeeded(): boolean {
    const wasOpen = this.openUntilMs !== undefined;
    this.failures = 0;
    this.openMs = OPEN_MS_MIN;
    this.openUntilMs = undefined;
    return wasOpen;
  }

  /** For how long it has just opened, in milliseconds; 0 when it has not. */
  failed(nowMs: number): number {
    this.failures += 1;
    const state = this.state(nowMs);
    if (state === 'open' || (state === 'closed' && this.failures < FAILURES_MAX)) return 0;
    if (state === 'half_open') this.openMs = Math.min(this.openMs * 2, OPEN_MS_MAX);
    this.openUntilMs = nowMs + this.openMs;
    return this.openMs;
  }

  get isClean(): boolean {
    return this.failures === 0 && this.openUntilMs === undefined;
  }
}
