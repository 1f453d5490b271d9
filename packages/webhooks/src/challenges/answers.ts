import { utf8 } from '../parts/json.js';
import type { Answer } from '../challenge.js';

/** What a provider sends as a challenge goes back as plain text that no browser takes for a page. */
export const textAnswer = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});

export const jsonAnswer = (body: unknown): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
  body: JSON.stringify(body),
});

/** Challenges are short; a longer body is a webhook and is not parsed before it is verified. */
const bodyBytesMax = 8_192;

/** The body as text when it is short enough and holds `marker`; otherwise it is no challenge. */
export function shortBody(rawBody: Uint8Array, marker: string): string | undefined {
  if (rawBody.length > bodyBytesMax) return undefined;
  const text = utf8(rawBody);
  return text.includes(marker) ? text : undefined;
}
