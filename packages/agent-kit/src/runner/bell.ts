import type { Clock } from '../ports/clock.js';

/** Ends the sleep of one loop early. What rings while nobody sleeps ends the next sleep before it begins. */
export class Bell {
  private hasRung = false;
  private sleeper: AbortController | undefined;

  ring(): void {
    this.hasRung = true;
    this.sleeper?.abort();
  }

  /** Resolves after `ms`, when it rings, or when the signal aborts. */
  async sleep(ms: number, clock: Pick<Clock, 'sleep'>, signal: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    const wake = (): void => sleeper.abort();
    this.sleeper = sleeper;
    signal.addEventListener('abort', wake);
    if (!this.hasRung && !signal.aborted) await clock.sleep(ms, sleeper.signal);
    signal.removeEventListener('abort', wake);
    this.sleeper = undefined;
    this.hasRung = false;
  }
}
