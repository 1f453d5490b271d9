import { createHmac, timingSafeEqual } from 'node:crypto';

/** The text around a body, and the body itself: in pieces, so that a large body is not copied. */
export interface Message {
  readonly before: string;
  readonly body: Uint8Array | string;
  readonly after: string;
}

function hmacOf(algorithm: string, key: string | Uint8Array, { before, body, after }: Message) {
  const hmac = createHmac(algorithm, key);
  if (before !== '') hmac.update(before);
  hmac.update(body);
  if (after !== '') hmac.update(after);
  return hmac;
}

export const hmacDigest = (algorithm: string, key: string | Uint8Array, message: Message): Buffer =>
  hmacOf(algorithm, key, message).digest();

/** Room for the digest that is compared; nothing between writing and comparing gives up the thread. */
const room = new Map([20, 32, 64].map((bytes) => [bytes, Buffer.alloc(bytes)]));

/**
 * Whether one of the signatures, each as long as the digest, is the HMAC of the message; the time taken does not depend on
 * where they differ. The digest goes through a text of one character a byte: Node makes that in half the time
 * of a buffer.
 */
export function hmacMatches(
  algorithm: string,
  key: string | Uint8Array,
  message: Message,
  given: readonly Buffer[],
): boolean {
  const text = hmacOf(algorithm, key, message).digest('binary');
  const expected = room.get(text.length) ?? Buffer.alloc(text.length);
  expected.write(text, 'latin1');
  let matched = false;
  for (const signature of given) if (timingSafeEqual(expected, signature)) matched = true;
  return matched;
}
