import { traceparentOf, webhookReceived } from '@signalbox/contracts';
import { quarantineTopic, unmappedTopic } from '@signalbox/sources';
import type { Arrival } from '../door/arrival.js';
import { decidedOf } from '../door/arrival.js';
import type { Intake, Mapped } from '../intake/mapped.js';
import { redactHeaders } from '../record/redact-headers.js';
import { webhookRecord, type Release } from '../record/webhook-record.js';
import { asItCame } from './as-it-came.js';
import { outgoing, type Outgoing } from './outgoing.js';

/** What an accepted webhook puts on Kafka, and what its sender is told. */
export interface WebhookRecords {
  readonly records: readonly Outgoing[];
  readonly eventId: string;
  readonly correlationId: string;
}

/** The records of a webhook that is accepted: its events, or itself, and what is to be known of it. */
export function webhookRecords(arrival: Arrival, intake: Intake, release?: Release): WebhookRecords {
  switch (intake.kind) {
    case 'events':
      return eventRecords(arrival, intake.events, release);
    case 'unmapped':
      return unmappedRecords(arrival, intake, release);
    case 'quarantined':
      return quarantineRecords(arrival, intake, release);
  }
}

const traceOf = ({ request }: Arrival): string | undefined =>
  traceparentOf(request.headers as Record<string, string>);

function eventRecords(
  arrival: Arrival,
  events: readonly [Mapped, ...Mapped[]],
  release?: Release,
): WebhookRecords {
  const traceparent = traceOf(arrival);
  const [{ envelope: first }, ...more] = events;
  const record = webhookRecord({
    ...decidedOf(arrival, 202),
    event: first,
    ...(more.length === 0 ? {} : { moreEvents: more.map(({ envelope }) => envelope) }),
    ...(release ? { release } : {}),
  });
  return {
    records: [
      ...events.map(({ contract, envelope }) => outgoing(contract, envelope, traceparent)),
      outgoing(webhookReceived, record, traceparent),
    ],
    eventId: first.event_id,
    correlationId: first.metadata.correlation_id,
  };
}

function unmappedRecords(
  arrival: Arrival,
  { eventId, correlationId }: Extract<Intake, { kind: 'unmapped' }>,
  release?: Release,
): WebhookRecords {
  const topic = unmappedTopic(arrival.source) ?? quarantineTopic;
  const record = webhookRecord({
    ...decidedOf(arrival, 202),
    unmapped: { eventId, eventType: topic, correlationId },
    ...(release ? { release } : {}),
  });
  return {
    records: [
      kept(arrival, topic, eventId, correlationId, {}),
      outgoing(webhookReceived, record, traceOf(arrival)),
    ],
    eventId,
    correlationId,
  };
}

function quarantineRecords(
  arrival: Arrival,
  { eventId, error }: Extract<Intake, { kind: 'quarantined' }>,
  release?: Release,
): WebhookRecords {
  const reason = error.code;
  const facts = { reason, message: error.message, pointers: error.pointers.slice(0, 10) };
  const record = webhookRecord({
    ...decidedOf(arrival, 202),
    reason,
    quarantined: true,
    ...(release ? { release } : {}),
  });
  return {
    records: [
      kept(arrival, quarantineTopic, eventId, eventId, facts),
      outgoing(webhookReceived, record, traceOf(arrival)),
    ],
    eventId,
    correlationId: eventId,
  };
}

/** The webhook itself, its headers without credentials: it was verified, so they are not needed again. */
function kept(
  arrival: Arrival,
  topic: string,
  eventId: string,
  correlationId: string,
  facts: Readonly<Record<string, unknown>>,
): Outgoing {
  const { source, request, webhookId, receivedAtMs, rawBody = Buffer.alloc(0), keyId } = arrival;
  return asItCame({
    topic,
    webhookId,
    source: source.name,
    rawBody,
    contentType: request.headers['content-type'],
    eventId,
    correlationId,
    receivedAtMs,
    headers: redactHeaders(request.headers),
    facts: { ...facts, ...(keyId === undefined ? {} : { key_id: keyId }) },
  });
}
