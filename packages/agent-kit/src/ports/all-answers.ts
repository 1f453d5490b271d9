/**
 * The answers to statements that were sent without waiting between, in their order. Rejects once all are there, with the
 * first refusal: what follows an error in a transaction fails because of it.
 */
export async function allAnswers<T extends readonly Promise<unknown>[]>(
  asked: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
