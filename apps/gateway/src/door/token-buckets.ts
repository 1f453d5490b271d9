export interface BucketLimits {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/**
 * A token bucket for each key, in bounded memory: beyond `keysMax` the key not used for longest is forgotten, which gives
 * it a full bucket again. The time is handed in, in monotonic milliseconds.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly keysMax: number) {}

  /** Keys in memory. */
  get size(): number {
    return this.buckets.size;
  }

  /** Takes a token: 0, or the seconds (at least 1) after which there is one. */
  take(key: string, limits: BucketLimits, nowMs: number): number {
    const bucket = this.refilled(key, limits, nowMs);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / limits.perSecond));
    bucket.tokens -= 1;
    return 0;
  }

  /** Gives a token back. */
  giveBack(key: string, { burst }: BucketLimits): void {
    const bucket = this.buckets.get(key);
    if (bucket) bucket.tokens = Math.min(burst, bucket.tokens + 1);
  }

  private refilled(key: string, { perSecond, burst }: BucketLimits, nowMs: number): Bucket {
    const known = this.buckets.get(key);
    if (!known) return this.added(key, { tokens: burst, filledAtMs: nowMs });
    const earned = (Math.max(0, nowMs - known.filledAtMs) / 1_000) * perSecond;
    known.tokens = Math.min(burst, known.tokens + earned);
    known.filledAtMs = nowMs;
    // The order of a Map is that of insertion: whoever is used last stands last.
    this.buckets.delete(key);
    this.buckets.set(key, known);
    return known;
  }

  private added(key: string, bucket: Bucket): Bucket {
    if (this.buckets.size >= this.keysMax) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    this.buckets.set(key, bucket);
    return bucket;
  }
}
