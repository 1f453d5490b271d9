import { parseStrict } from '../intake/parse-strict.js';

/** An unverified body larger than this is not parsed for its record. */
const unverifiedBytesMax = 16_384;
const depthMax = 32;

/**
 * The payload of a webhook that was refused before it was parsed (a wrong secret, say), for its record. Only small
 * bodies are looked at, only after the answer, and only as often as refusals are recorded.
 */
export function refusedPayload(rawBody: Buffer | undefined): Readonly<Record<string, unknown>> | undefined {
  if (rawBody === undefined || rawBody.length > unverifiedBytesMax) return undefined;
  try {
    return parseStrict(rawBody, depthMax);
  } catch {
    return undefined;
  }
}
