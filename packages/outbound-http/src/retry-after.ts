/** Longest wait a Retry-After header may ask for: 24 hours, in milliseconds. */
export const retryAfterMsMax = 86_400_000;

/**
 * Milliseconds to wait by a Retry-After header (RFC 9110 section 10.2.3: seconds or an HTTP date), between 0 and 24
 * hours; undefined when the header is absent or malformed.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,15}$/.test(text)) return Math.min(Number(text) * 1_000, retryAfterMsMax);
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), retryAfterMsMax);
}
