/**
 * The answers to what was asked without waiting between, in their order. Rejects once all are there, with the first refusal:
 * nothing is under way any more then, and of statements in a transaction what follows an error fails because of it.
 */
export async function allAnswers<T extends readonly Promise<unknown>[]>(
  asked: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
