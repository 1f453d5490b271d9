/** A rate limit: `ratePerS` tokens a second, of which at most one second's worth (and at least one) is saved up. */
export class TokenBucket {
  private readonly tokensMax: number;
  private tokens: number;
  private atMs: number;

  constructor(
    private readonly ratePerS: number,
    nowMs: number,
  ) {
    this.tokensMax = Math.max(1, ratePerS);
    this.tokens = this.tokensMax;
    this.atMs = nowMs;
  }

  /** Whole tokens there are now. */
  available(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.atMs);
    this.tokens = Math.min(this.tokensMax, this.tokens + (elapsedMs * this.ratePerS) / 1_000);
    this.atMs = Math.max(this.atMs, nowMs);
    return Math.floor(this.tokens + 1e-9);
  }

  take(nowMs: number): void {
    this.available(nowMs);
    this.tokens -= 1;
  }

  /** Milliseconds until there is a whole token, 0 when there is one. */
  msToNext(nowMs: number): number {
    if (this.available(nowMs) >= 1) return 0;
    return Math.ceil(((1 - this.tokens) * 1_000) / this.ratePerS);
  }

  isFull(nowMs: number): boolean {
    this.available(nowMs);
    return this.tokens >= this.tokensMax;
  }
}
