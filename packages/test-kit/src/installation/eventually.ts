import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until the answer is as wanted; throws with the last answer after `withinMs` (default 30,000). */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  what: string,
  withinMs = 30_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > until)
      throw new Error(`${what} did not come true within ${withinMs} ms; last seen: ${show(answer)}`);
    await wait(50);
  }
}

const show = (answer: unknown): string =>
  JSON.stringify(answer, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )?.slice(0, 2_000) ?? 'nothing';
