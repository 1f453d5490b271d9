import { checkFlat, type EventEnvelope, type JsonObject } from '@signalbox/contracts';
import type { ReadySource } from '@signalbox/sources';
import { contractOf } from './contract-of.js';
import { derivedEventId, flatCorrelationId } from './identity.js';
import type { IntakeRequest, Mapped } from './mapped.js';

/** Makes the event of a flat payload: the payload is `data`, its `timestamp` the event's. Throws with pointers into the payload. */
export function mapFlat(source: ReadySource, payload: JsonObject, request: IntakeRequest): Mapped {
  const contract = contractOf(source, payload['event_type']);
  checkFlat(contract, payload);
  const eventId = derivedEventId(source.name, request.rawBody);
  const envelope: EventEnvelope = {
    event_id: eventId,
    event_type: contract.type,
    timestamp: payload['timestamp'] as string,
    data: payload,
    metadata: {
      source_service: source.name,
      correlation_id: flatCorrelationId(payload, request.correlationId, eventId),
      schema_version: contract.version,
    },
  };
  return { contract, envelope };
}
