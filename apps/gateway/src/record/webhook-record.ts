import type { IncomingHttpHeaders } from 'node:http';
import { webhookReceived, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { redactHeaders } from './redact-headers.js';
import { redactPayload, type Redaction } from './redact-payload.js';

/** The name under which the gateway publishes. */
export const gatewayService = 'gateway';

/** What is known of a webhook when it has been decided. */
export interface Decided {
  readonly webhookId: string;
  readonly source: string;
  readonly path: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Error code; left out: accepted. */
  readonly reason?: string;
  readonly keyId?: string;
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number;
  readonly decidedMs: number;
  readonly headers: IncomingHttpHeaders;
  /** As parsed, not yet redacted; left out when it could not be parsed. */
  readonly payload?: unknown;
  readonly sizeBytes: number;
  readonly event?: EventEnvelope;
  /** The further events, where one webhook means several. */
  readonly moreEvents?: readonly EventEnvelope[];
  /** Where it lies as it came, because no rule maps it. */
  readonly unmapped?: {
    readonly eventId: string;
    readonly eventType: string;
    readonly correlationId: string;
  };
  /** Accepted, and kept until its mapping is mended; `reason` says why. */
  readonly quarantined?: boolean;
  /** Of a refused one: whether it lies on `webhook.raw`. */
  readonly rawKept?: boolean;
  readonly release?: Release;
  /** Refused webhooks of the source before this one that have no record of their own. */
  readonly unrecorded?: number;
  readonly redaction?: Redaction;
}

/** Which earlier webhook this is again, on whose word, and in which run. */
export interface Release {
  readonly of: string;
  readonly by: string;
  readonly run: string;
}

type WebhookReceived = DataOf<typeof webhookReceived>;

/** The `webhook.received` event of a decided webhook: redacted and bounded, its id the webhook's. */
export function webhookRecord(decided: Decided): EventEnvelope<WebhookReceived> {
  const { webhookId, event, reason } = decided;
  const receivedAt = new Date(decided.receivedAtMs).toISOString();
  const data: WebhookReceived = {
    webhook_id: webhookId,
    source: decided.source,
    path: decided.path,
    verdict: reason === undefined || decided.quarantined ? 'accepted' : 'refused',
    ...(decided.quarantined ? { quarantined: true } : {}),
    status: decided.status,
    ...(reason === undefined ? {} : { reason }),
    ...(decided.keyId === undefined ? {} : { key_id: decided.keyId }),
    address: decided.address,
    received_at: receivedAt,
    headers: redactHeaders(decided.headers),
    ...(decided.payload === undefined ? {} : { payload: redactPayload(decided.payload, decided.redaction) }),
    size_bytes: decided.sizeBytes,
    ...eventFields(decided),
    ...(decided.rawKept === undefined ? {} : { raw_kept: decided.rawKept }),
    ...(decided.release === undefined ? {} : { release: { ...decided.release } }),
    ...(decided.unrecorded ? { unrecorded: decided.unrecorded } : {}),
    decided_ms: decided.decidedMs,
  };
  return {
    event_id: webhookId,
    event_type: webhookReceived.type,
    timestamp: receivedAt,
    data,
    metadata: {
      source_service: gatewayService,
      correlation_id: event?.metadata.correlation_id ?? decided.unmapped?.correlationId ?? webhookId,
      schema_version: webhookReceived.version,
    },
  };
}

function eventFields({ event, moreEvents, unmapped }: Decided): Partial<WebhookReceived> {
  if (unmapped) {
    const { eventId, eventType, correlationId } = unmapped;
    return { event_id: eventId, event_type: eventType, correlation_id: correlationId };
  }
  if (!event) return {};
  const { event_id, event_type, metadata } = event;
  return {
    event_id,
    event_type,
    correlation_id: metadata.correlation_id,
    ...(moreEvents === undefined
      ? {}
      : {
          more_events: moreEvents.map((more) => ({ event_id: more.event_id, event_type: more.event_type })),
        }),
  };
}
