import {
  checkEvent,
  isEnvelope,
  refuseEnvelope,
  type EventEnvelope,
  type JsonObject,
} from '@signalbox/contracts';
import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import type { ReadySource } from '@signalbox/sources';
import { contractOf } from './contract-of.js';
import { derivedEventId } from './identity.js';
import type { IntakeRequest, Mapped } from './mapped.js';

const pointersMax = 50;

/**
 * Checks a whole event. A missing `event_id` is derived from the body, a missing `metadata.correlation_id` taken from
 * the header, else from the event's id; nothing else is changed. Throws with pointers to every bad field of the
 * envelope and its data, at most 50.
 */
export function mapEnvelope(source: ReadySource, body: JsonObject, request: IntakeRequest): Mapped {
  const envelope = completed(body, request);
  if (!isEnvelope(envelope)) throw refusedEnvelope(source, envelope);
  const contract = contractOf(source, envelope.event_type);
  checkEvent(contract, envelope);
  return { contract, envelope };
}

function completed(body: JsonObject, { rawBody, correlationId }: IntakeRequest): JsonObject {
  const { metadata } = body;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return body;
  const { source_service: source, correlation_id: given } = metadata as JsonObject;
  if (body['event_id'] !== undefined && given !== undefined) return body;
  const own = body['event_id'];
  const eventId = own === undefined ? derivedEventId(typeof source === 'string' ? source : '', rawBody) : own;
  const story = given === undefined ? (correlationId ?? eventId) : given;
  return { ...body, event_id: eventId, metadata: { ...metadata, correlation_id: story } };
}

function refusedEnvelope(source: ReadySource, envelope: JsonObject): SignalboxError {
  const first = thrownBy(() => refuseEnvelope(envelope));
  const type = envelope['event_type'];
  const contract = typeof type === 'string' ? source.contracts.get(type) : undefined;
  const data = envelope['data'];
  if (!contract || data === undefined) return first;
  const second = thrownBy(() => checkEvent(contract, envelope as unknown as EventEnvelope));
  const pointers: ErrorPointer[] = [...first.pointers, ...second.pointers].slice(0, pointersMax);
  return new SignalboxError('envelope_malformed', first.message, { pointers });
}

/** The error a check throws; one without pointers when it throws none. */
function thrownBy(check: () => unknown): SignalboxError {
  try {
    check();
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  return new SignalboxError('event_invalid', '');
}
