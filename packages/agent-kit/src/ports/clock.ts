/** Real time, for back-off, leases and time-outs. The agent's own clock (`now` of a handler) is the store's. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Monotonic milliseconds, for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness, for tokens and jitter. */
export interface Random {
  uuid(): string;
  /** 0 ≤ x < 1. */
  fraction(): number;
}
