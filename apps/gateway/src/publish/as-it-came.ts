import { SignalboxError } from '@signalbox/errors';
import { deadLetterBytesMax } from '@signalbox/contracts';
import type { Outgoing } from './outgoing.js';

/** A webhook that is put on a topic as it came. */
export interface AsItCame {
  readonly topic: string;
  readonly webhookId: string;
  readonly source: string;
  readonly rawBody: Buffer;
  /** As the sender named it; left out: it named none. */
  readonly contentType: string | undefined;
  /** Record key: what has the same key keeps its order. */
  readonly key: string;
  readonly eventId: string;
  readonly correlationId: string;
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** Of the request; credentials are already removed where the topic asks for that. */
  readonly headers: Readonly<Record<string, string>>;
  /** What else must be known of it: reason, key id, address called. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The headers with which such a record tells of its webhook. */
export const webhookIdHeader = 'sb-webhook-id';
export const webhookHeadersHeader = 'sb-webhook-headers';
export const webhookFactsHeader = 'sb-webhook-facts';

const overheadBytes = 4_096;

/**
 * The record: the value is the body byte for byte, the headers are a CloudEvent's in binary mode, so that every reader of
 * events can read a JSON body as data. Throws `event_too_large` when the topic would refuse it.
 */
export function asItCame(webhook: AsItCame): Outgoing {
  const { topic, rawBody, eventId, source } = webhook;
  const headers: Record<string, string> = {
    'content-type': webhook.contentType ?? 'application/octet-stream',
    ce_specversion: '1.0',
    ce_id: eventId,
    ce_type: topic,
    ce_source: source,
    ce_time: new Date(webhook.receivedAtMs).toISOString(),
    ce_correlationid: webhook.correlationId,
    [webhookIdHeader]: webhook.webhookId,
    [webhookHeadersHeader]: JSON.stringify(webhook.headers),
    [webhookFactsHeader]: JSON.stringify(webhook.facts),
  };
  const headerBytes = Object.values(headers).reduce((sum, value) => sum + value.length * 3, 0);
  if (rawBody.length + headerBytes > deadLetterBytesMax - overheadBytes) {
    throw new SignalboxError('event_too_large', `Body and headers are larger than topic ${topic} takes.`);
  }
  const key = Buffer.from(webhook.key, 'utf8');
  return { topic, key, record: { key, value: rawBody, headers } };
}
