import { Circuit, type CircuitState } from './circuit.js';
import { TokenBucket } from './token-bucket.js';

/** What a connector's handler asks for its destinations. */
export interface DestinationLimits {
  /** Calls at work at once, at most. */
  readonly concurrency: number;
  /** Calls begun a second, at most; left out: no limit. */
  readonly ratePerSecond?: number;
}

/** How a call went for its receiver, whatever it means for the job. */
export type Answer =
  | { readonly kind: 'answered' }
  | { readonly kind: 'trouble' }
  | { readonly kind: 'later'; readonly afterMs: number }
  /** The call says nothing about the receiver: it was never made, or we broke it off. */
  | { readonly kind: 'none' };

/** What people see of a destination. */
export interface DestinationStatus {
  readonly destination: string;
  readonly atWork: number;
  readonly circuit: CircuitState;
  /** It gets no calls for this long, in milliseconds: open circuit, Retry-After or rate. */
  readonly waitMs: number;
}

/** What `ended` has changed. */
export type CircuitChange =
  { readonly kind: 'opened'; readonly openMs: number } | { readonly kind: 'closed' };

/** A Retry-After stops all calls to its receiver for at most this long; the job itself waits as long as it was told. */
const PAUSE_MS_MAX = 300_000;

/** One receiver of calls, as this process sees it: how many calls it may get now, and when the next. */
export class Destination {
  private readonly circuit = new Circuit();
  private bucket: TokenBucket | undefined;
  private concurrencyMax = Infinity;
  private ratePerS = Infinity;
  private pausedUntilMs = -Infinity;
  private working = 0;

  constructor(readonly name: string) {}

  /** The strictest limits of all handlers that call it count. */
  limit({ concurrency, ratePerSecond = Infinity }: DestinationLimits, nowMs: number): void {
    this.concurrencyMax = Math.min(this.concurrencyMax, concurrency);
    if (ratePerSecond >= this.ratePerS) return;
    this.ratePerS = ratePerSecond;
    this.bucket = new TokenBucket(ratePerSecond, nowMs);
  }

  /** Calls it may get now. A half-open circuit lets one through. */
  places(nowMs: number): number {
    if (this.waitMs(nowMs) > 0) return 0;
    const max = this.circuit.state(nowMs) === 'half_open' ? 1 : this.concurrencyMax;
    return Math.max(0, Math.min(max - this.working, this.bucket?.available(nowMs) ?? Infinity));
  }

  /** Milliseconds until time alone may give it a place. */
  waitMs(nowMs: number): number {
    return Math.max(
      this.circuit.msToProbe(nowMs),
      this.pausedUntilMs - nowMs,
      this.bucket?.msToNext(nowMs) ?? 0,
      0,
    );
  }

  begin(nowMs: number): void {
    this.working += 1;
    this.bucket?.take(nowMs);
  }

  end(answer: Answer, nowMs: number): CircuitChange | undefined {
    this.working -= 1;
    if (answer.kind === 'none') return undefined;
    if (answer.kind === 'trouble') {
      const openMs = this.circuit.failed(nowMs);
      return openMs > 0 ? { kind: 'opened', openMs } : undefined;
    }
    if (answer.kind === 'later') {
      this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + Math.min(answer.afterMs, PAUSE_MS_MAX));
    }
    return this.circuit.succeeded() ? { kind: 'closed' } : undefined;
  }

  /** Whether nothing would be lost if it were forgotten. */
  isIdle(nowMs: number): boolean {
    const hasWaited = this.pausedUntilMs <= nowMs && (this.bucket?.isFull(nowMs) ?? true);
    return this.working === 0 && this.circuit.isClean && hasWaited;
  }

  status(nowMs: number): DestinationStatus {
    const { name: destination, working: atWork } = this;
    return { destination, atWork, circuit: this.circuit.state(nowMs), waitMs: this.waitMs(nowMs) };
  }
}
