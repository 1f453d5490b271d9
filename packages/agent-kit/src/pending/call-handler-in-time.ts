import { SignalboxError } from '@signalbox/errors';
import type { Clock } from '../ports/clock.js';

/** A handler that is told to end gets this long; then it is not waited for. */
const GRACE_MS = 1_000;

/** The handler did not end although it was told to: nobody knows what its call led to. */
export class OverrunError extends SignalboxError {
  constructor(afterMs: number) {
    super('outbound_failed', `no result ${afterMs + GRACE_MS} ms after the call began`);
    this.name = 'OverrunError';
  }
}

/**
 * Runs `call` with a signal that aborts after `deadlineMs`, or when `cut` does. Rejects with `OverrunError` when the
 * call has not ended a second after that.
 */
export async function inTime<T>(
  call: (signal: AbortSignal) => Promise<T>,
  deadlineMs: number,
  cut: AbortSignal,
  clock: Pick<Clock, 'sleep'>,
): Promise<T> {
  const hasEnded = new AbortController();
  const waitedEnough = new AbortController();
  const timeUp = new AbortController();
  // A listener that is taken away again: what AbortSignal.any() makes stays with the long-lived signal for ever.
  const endWait = (): void => waitedEnough.abort();
  if (cut.aborted) endWait();
  else cut.addEventListener('abort', endWait, { once: true });
  const overrun = async (): Promise<T> => {
    await clock.sleep(deadlineMs, waitedEnough.signal);
    if (!hasEnded.signal.aborted) timeUp.abort(new SignalboxError('outbound_failed', 'the deadline is over'));
    await clock.sleep(GRACE_MS, hasEnded.signal);
    throw new OverrunError(deadlineMs);
  };
  const late = overrun();
  late.catch(() => undefined); // when the call has ended, nobody waits for it
  try {
    return await Promise.race([call(timeUp.signal), late]);
  } finally {
    hasEnded.abort();
    endWait();
    cut.removeEventListener('abort', endWait);
  }
}
