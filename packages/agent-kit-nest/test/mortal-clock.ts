import { systemClock } from '../src/runtime/system-ports.js';

/** The loops of a process that is dead sleep on, and must not keep the test alive. */
export const mortalClock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms).unref();
      signal?.addEventListener('abort', () => resolve());
      if (signal?.aborted) resolve();
    }),
};
