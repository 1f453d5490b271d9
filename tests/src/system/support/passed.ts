import { eventually } from '@signalbox/test-kit';

/** How much longer than asked it may take on a busy machine, in milliseconds. */
const lateMsMax = 30_000;

/** Resolves when a fault has lasted `ms`: the time it takes is the fault itself, not a wait for something to be done. */
export function passed(ms: number, what = 'the end of a fault'): Promise<unknown> {
  const untilMs = performance.now() + ms;
  return eventually(
    () => Promise.resolve(performance.now()),
    (now) => now >= untilMs,
    what,
    ms + lateMsMax,
  );
}
