import type { IncomingHttpHeaders } from 'node:http';
import type { TopicRecord } from '@signalbox/agent-kit-kafka';
import { webhookFactsHeader, webhookHeadersHeader, webhookIdHeader } from '../publish/as-it-came.js';

/** A webhook that lies on a topic as it came. */
export interface KeptWebhook {
  readonly webhookId: string;
  readonly source: string;
  readonly rawBody: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly facts: { readonly method?: string; readonly url?: string; readonly key_id?: string };
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number;
}

/** Reads such a record; undefined for what somebody else put there. */
export function keptWebhook({ value, headers, timestampMs }: TopicRecord): KeptWebhook | undefined {
  const text = (name: string): string | undefined => headers[name]?.toString('utf8');
  const webhookId = text(webhookIdHeader);
  const source = text('ce_source');
  if (!value || webhookId === undefined || source === undefined) return undefined;
  const receivedAtMs = Date.parse(text('ce_time') ?? '');
  return {
    webhookId,
    source,
    rawBody: value,
    headers: objectIn(text(webhookHeadersHeader)),
    facts: objectIn(text(webhookFactsHeader)),
    receivedAtMs: Number.isNaN(receivedAtMs) ? timestampMs : receivedAtMs,
  };
}

function objectIn(text: string | undefined): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};
  } catch {
    return {};
  }
}
