import { systemClock } from '../src/runtime/system-ports.js';

/** The loops of a process that is dead sleep on, and must not keep the test alive. */
export const mortalClock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    }),
};
