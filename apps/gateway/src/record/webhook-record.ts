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
  readonly keyId?: string | undefined;
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
  readonly moreEvents?: readonly EventEnvelope[] | undefined;
  /** Where it lies as it came, because no rule maps it. */
  readonly unmapped?: {
    readonly eventId: string;
    readonly eventType: string;
    readonly correlationId: string;
  };
  /** Accepted, and kept until its mapping is mended; `reason` says why. */
  readonly quarantined?: boolean;
  /** Of a refused one: whether it lies on `webhook.raw`. */
  readonly rawKept?: boolean | undefined;
  readonly release?: Release | undefined;
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
  // One by one: each webhook comes this way, and spreading a dozen small objects costs more than all the rest of it.
  const data: WebhookReceived = {
    webhook_id: webhookId,
    source: decided.source,
    path: decided.path,
    verdict: reason === undefined || decided.quarantined ? 'accepted' : 'refused',
    status: decided.status,
    address: decided.address,
    received_at: receivedAt,
    headers: redactHeaders(decided.headers),
    size_bytes: decided.sizeBytes,
    decided_ms: decided.decidedMs,
  };
  if (decided.quarantined) data.quarantined = true;
  if (reason !== undefined) data.reason = reason;
  if (decided.keyId !== undefined) data.key_id = decided.keyId;
  if (decided.payload !== undefined) data.payload = redactPayload(decided.payload, decided.redaction);
  nameEvents(data, decided);
  if (decided.rawKept !== undefined) data.raw_kept = decided.rawKept;
  if (decided.release !== undefined) data.release = { ...decided.release };
  if (decided.unrecorded) data.unrecorded = decided.unrecorded;
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

function nameEvents(data: WebhookReceived, { event, moreEvents, unmapped }: Decided): void {
  if (unmapped) {
    data.event_id = unmapped.eventId;
    data.event_type = unmapped.eventType;
    data.correlation_id = unmapped.correlationId;
  } else if (event) {
    data.event_id = event.event_id;
    data.event_type = event.event_type;
    data.correlation_id = event.metadata.correlation_id;
    if (moreEvents) {
      data.more_events = moreEvents.map(({ event_id, event_type }) => ({ event_id, event_type }));
    }
  }
}
