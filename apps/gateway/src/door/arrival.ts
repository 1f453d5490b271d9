import type { IncomingMessage, ServerResponse } from 'node:http';
import { personalNames } from '../record/personal-names.js';
import { newWebhookId } from '../record/webhook-id.js';
import type { Decided } from '../record/webhook-record.js';
import type { ReadySource } from '@signalbox/sources';
import type { Request } from './front.js';

/** One webhook on its way through the door; filled step by step. */
export interface Arrival {
  readonly webhookId: string;
  readonly source: ReadySource;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The absolute address that was called. */
  readonly url: string;
  /** The sender's, proxies looked through. */
  readonly address: string;
  /** Milliseconds since 1970 at which the headers were complete. */
  readonly receivedAtMs: number;
  /** Monotonic milliseconds at the last byte of the body; until then at the headers. */
  completeMs: number;
  rawBody?: Buffer;
  keyId?: string;
  payload?: unknown;
  /** Whether mail addresses may show in its record. */
  readonly keepMail: boolean;
  /** Whether a refused webhook is kept as it came. */
  rawKept?: boolean;
}

export function arrive(
  source: ReadySource,
  { caller, request, response }: Request,
  { url, keepMail }: Pick<Arrival, 'url' | 'keepMail'>,
): Arrival {
  return {
    webhookId: newWebhookId(),
    source,
    request,
    response,
    address: caller.address,
    url,
    keepMail,
    receivedAtMs: Date.now(),
    completeMs: performance.now(),
  };
}

/** What the record of an arrival needs, whatever became of it. */
export function decidedOf(arrival: Arrival, status: number): Decided {
  const { webhookId, source, request, address, receivedAtMs, completeMs, rawBody, keyId, payload, rawKept } =
    arrival;
  return {
    webhookId,
    source: source.name,
    path: source.path,
    status,
    address,
    receivedAtMs,
    decidedMs: Math.round((performance.now() - completeMs) * 1_000) / 1_000,
    headers: request.headers,
    sizeBytes: rawBody?.length ?? 0,
    keyId,
    payload,
    rawKept,
    redaction: { personal: personalNames(source.contracts, payload), keepMail: arrival.keepMail },
  };
}
