import { SignalboxError, errorCodes } from '@signalbox/errors';
import type { ReadySource } from '@signalbox/sources';
import { derivedEventId } from './identity.js';
import { mapEnvelope } from './map-envelope.js';
import { mapFlat } from './map-flat.js';
import { mapProvider } from './map-provider.js';
import type { Intake, IntakeRequest, Reading } from './mapped.js';
import { parseStrict } from './parse-strict.js';

/**
 * From verified bytes to what becomes of them: parse strictly, map, check the contract. Throws (or rejects with)
 * `SignalboxError`: a 4xx code with pointers, unless the source wants such webhooks quarantined, or `overloaded`.
 * `reading` then holds the payload as far as it could be parsed. Only a mapping takes time: the rest answers at once.
 */
export function acceptBody(
  source: ReadySource,
  request: IntakeRequest,
  reading: Reading,
): Intake | Promise<Intake> {
  try {
    if (source.form !== 'provider') return acceptOwn(source, request, reading);
    return mapProvider(source, request, reading).catch((error: unknown) =>
      quarantined(source, request, error),
    );
  } catch (error) {
    return quarantined(source, request, error);
  }
}

function acceptOwn(source: ReadySource, request: IntakeRequest, reading: Reading): Intake {
  const flat = source.form === 'flat';
  const { depthMax } = source.limits;
  // A flat payload becomes `data`, one level down.
  const body = parseStrict(request.rawBody, flat ? depthMax - 1 : depthMax);
  reading.payload = body;
  const event = flat ? mapFlat(source, body, request) : mapEnvelope(source, body, request);
  return { kind: 'events', events: [event] };
}

function quarantined(source: ReadySource, { rawBody }: IntakeRequest, error: unknown): Intake {
  const isBad = error instanceof SignalboxError && errorCodes[error.code].retry === 'never';
  if (!source.quarantine || !isBad) throw error;
  return { kind: 'quarantined', eventId: derivedEventId(source.name, rawBody), error };
}
