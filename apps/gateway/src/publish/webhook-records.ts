import { traceparentOf, webhookReceived } from '@signalbox/contracts';
import { quarantineTopic, unmappedTopic, type Source } from '@signalbox/sources';
import type { IncomingHttpHeaders } from 'node:http';
import type { Intake, Mapped } from '../intake/mapped.js';
import { redactHeaders } from '../record/redact-headers.js';
import { webhookRecord, type Decided, type Release } from '../record/webhook-record.js';
import { asItCame } from './as-it-came.js';
import { outgoing, type Outgoing } from './outgoing.js';

/** A verified webhook. */
export interface Verified {
  readonly source: Pick<Source, 'name' | 'form'>;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  /** What is to be recorded of it, its event left out. */
  readonly decided: Decided;
}

/** What an accepted webhook puts on Kafka, and what its sender is told. */
export interface WebhookRecords {
  readonly records: readonly Outgoing[];
  readonly eventId: string;
  readonly correlationId: string;
}

/** The records of a webhook that is accepted: its events, or itself, and what is to be known of it. */
export function webhookRecords(webhook: Verified, intake: Intake, release?: Release): WebhookRecords {
  switch (intake.kind) {
    case 'events':
      return eventRecords(webhook, intake.events, release);
    case 'unmapped':
      return unmappedRecords(webhook, intake, release);
    case 'quarantined':
      return quarantineRecords(webhook, intake, release);
  }
}

const traceOf = ({ headers }: Verified): string | undefined =>
  traceparentOf(headers as Record<string, string>);

function eventRecords(
  webhook: Verified,
  events: readonly [Mapped, ...Mapped[]],
  release?: Release,
): WebhookRecords {
  const traceparent = traceOf(webhook);
  const [{ envelope: first }] = events;
  const moreEvents = events.length === 1 ? undefined : events.slice(1).map(({ envelope }) => envelope);
  const record = webhookRecord({ ...webhook.decided, event: first, moreEvents, release });
  const records = events.map(({ contract, envelope }) => outgoing(contract, envelope, traceparent));
  records.push(outgoing(webhookReceived, record, traceparent));
  return {
    records,
    eventId: first.event_id,
    correlationId: first.metadata.correlation_id,
  };
}

function unmappedRecords(
  webhook: Verified,
  { eventId, correlationId }: Extract<Intake, { kind: 'unmapped' }>,
  release?: Release,
): WebhookRecords {
  const topic = unmappedTopic(webhook.source) ?? quarantineTopic;
  const record = webhookRecord({
    ...webhook.decided,
    unmapped: { eventId, eventType: topic, correlationId },
    ...(release ? { release } : {}),
  });
  return {
    records: [
      kept(webhook, topic, eventId, correlationId, {}),
      outgoing(webhookReceived, record, traceOf(webhook)),
    ],
    eventId,
    correlationId,
  };
}

function quarantineRecords(
  webhook: Verified,
  { eventId, error }: Extract<Intake, { kind: 'quarantined' }>,
  release?: Release,
): WebhookRecords {
  const reason = error.code;
  const facts = { reason, message: error.message, pointers: error.pointers.slice(0, 10) };
  const record = webhookRecord({
    ...webhook.decided,
    reason,
    quarantined: true,
    ...(release ? { release } : {}),
  });
  return {
    records: [
      kept(webhook, quarantineTopic, eventId, eventId, facts),
      outgoing(webhookReceived, record, traceOf(webhook)),
    ],
    eventId,
    correlationId: eventId,
  };
}

/** The webhook itself, its headers without credentials: it was verified, so they are not needed again. */
function kept(
  { source, headers, rawBody, decided }: Verified,
  topic: string,
  eventId: string,
  correlationId: string,
  facts: Readonly<Record<string, unknown>>,
): Outgoing {
  const { webhookId, receivedAtMs, keyId } = decided;
  return asItCame({
    topic,
    webhookId,
    source: source.name,
    rawBody,
    contentType: headers['content-type'],
    // Quarantined ones are released in the order in which they came; unmapped ones may spread.
    key: topic === quarantineTopic ? source.name : eventId,
    eventId,
    correlationId,
    receivedAtMs,
    headers: redactHeaders(headers),
    facts: { ...facts, ...(keyId === undefined ? {} : { key_id: keyId }) },
  });
}
