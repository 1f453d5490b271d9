import type { ReadySource } from '../sources/ready-source.js';
import { mapEnvelope } from './map-envelope.js';
import { mapFlat } from './map-flat.js';
import type { IntakeRequest, Mapped } from './mapped.js';
import { parseStrict } from './parse-strict.js';

/** Levels of objects and arrays in an event, the envelope included. */
const envelopeDepthMax = 32;

/** What was read so far: kept by the caller so that a refusal's record can show the payload. */
export interface Reading {
  payload?: Readonly<Record<string, unknown>>;
}

/**
 * From verified bytes to a checked event: parse strictly, map, check the contract. Throws `SignalboxError` with a 4xx
 * code and pointers; `reading` then holds the payload as far as it could be parsed.
 */
export function acceptBody(source: ReadySource, request: IntakeRequest, reading: Reading): Mapped {
  const flat = source.form === 'flat';
  // A flat payload becomes `data`, one level down.
  const body = parseStrict(request.rawBody, flat ? envelopeDepthMax - 1 : envelopeDepthMax);
  reading.payload = body;
  return flat ? mapFlat(source, body, request) : mapEnvelope(source, body, request);
}
