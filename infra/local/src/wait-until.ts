import { setTimeout as delay } from 'node:timers/promises';

/** Asks every `everyMs` until the answer is not undefined; undefined after `limitMs`. */
export async function waitUntil<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  limitMs: number,
  everyMs = 25,
): Promise<T | undefined> {
  const startedMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() - startedMs >= limitMs) return undefined;
    await delay(everyMs);
  }
}
