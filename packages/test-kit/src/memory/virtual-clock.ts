import type { Clock } from '@signalbox/agent-kit';

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that stands still until the test moves it; who sleeps wakes in the order of the due times. */
export class VirtualClock implements Clock {
  private sleepers: Sleeper[] = [];
  private order = 0;

  /** @param startMs milliseconds since 1970 at which the clock begins. */
  constructor(private timeMs = Date.UTC(2026, 0, 1)) {}

  nowMs(): number {
    return this.timeMs;
  }

  monotonicMs(): number {
    return this.timeMs;
  }

  /** Resolves when the clock has been moved by `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { atMs: this.timeMs + Math.max(0, ms), order: this.order, wake };
      const abort = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        wake();
      };
      this.order += 1;
      signal?.addEventListener('abort', abort, { once: true });
      this.sleepers.push(sleeper);
    });
  }

  /** When the next sleeper wakes, in milliseconds since 1970; undefined when nobody sleeps. */
  get nextWakeMs(): number | undefined {
    return this.first()?.atMs;
  }

  /** Moves to a time and wakes the first sleeper that is due then; false when none is. Never moves back. */
  wakeNext(untilMs: number): boolean {
    const next = this.first();
    if (!next || next.atMs > untilMs) {
      this.timeMs = Math.max(this.timeMs, untilMs);
      return false;
    }
    this.timeMs = Math.max(this.timeMs, next.atMs);
    this.sleepers.splice(this.sleepers.indexOf(next), 1);
    next.wake();
    return true;
  }

  /** Moves on without waking anybody: who should have woken on the way wakes with the next `wakeNext`, late. Never moves back. */
  jumpTo(timeMs: number): void {
    this.timeMs = Math.max(this.timeMs, timeMs);
  }

  private first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.sleepers) {
      if (!first || sleeper.atMs < first.atMs || (sleeper.atMs === first.atMs && sleeper.order < first.order))
        first = sleeper;
    }
    return first;
  }
}
