import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Asks again and again until the answer is as wanted; throws with the last answer after `withinMs` (default 60,000). */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  what: string,
  withinMs = 60_000,
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

const ANSWER_CHARS_MAX = 2_000;

/** Whatever it is: maps, big numbers, buffers and circles as well. */
const show = (answer: unknown): string => {
  const text = inspect(answer, { depth: 6, compact: true, breakLength: Infinity, maxArrayLength: 50 });
  return text.length > ANSWER_CHARS_MAX ? `${text.slice(0, ANSWER_CHARS_MAX)}…` : text;
};
