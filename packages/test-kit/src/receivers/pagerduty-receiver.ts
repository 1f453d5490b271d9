import { randomUUID } from 'node:crypto';
import { HttpReceiver, type HttpAnswer, type ReceivedRequest } from './http-receiver.js';

/** An event of PagerDuty's Events API v2. https://developer.pagerduty.com/docs/events-api-v2-overview */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: 'critical' | 'error' | 'warning' | 'info';
    readonly timestamp?: string;
    readonly custom_details?: Readonly<Record<string, unknown>>;
  };
  readonly client?: string;
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
}

/** PagerDuty's Events API v2: answers 202 with the dedup key, or 400 with the errors of an invalid event. */
export class PagerDutyReceiver {
  private constructor(readonly http: HttpReceiver) {}

  static async start(port = 0): Promise<PagerDutyReceiver> {
    return new PagerDutyReceiver(await HttpReceiver.start(answerPagerDuty, port));
  }

  /** What a PAGERDUTY_EVENTS_URL setting holds. */
  get url(): string {
    return `${this.http.origin}/v2/enqueue`;
  }

  /** The events taken, in order, repeats included. */
  get events(): readonly PagerDutyEvent[] {
    return this.http.requests.all
      .filter(({ status }) => status === 202)
      .map(({ body }) => JSON.parse(body.toString('utf8')) as PagerDutyEvent);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

function answerPagerDuty(request: ReceivedRequest): HttpAnswer {
  if (request.path !== '/v2/enqueue' || request.method !== 'POST') return json(404, { status: 'not found' });
  const { event, errors } = checkPagerDutyEvent(request.body);
  if (errors.length > 0) {
    return json(400, { status: 'invalid event', message: 'Event object is invalid', errors });
  }
  const dedupKey = event?.dedup_key ?? randomUUID();
  return json(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
}

/** The event in a body and what is wrong with it by the documented format. */
export function checkPagerDutyEvent(body: Buffer): { event?: Partial<PagerDutyEvent>; errors: string[] } {
  let event: Partial<PagerDutyEvent>;
  try {
    event = JSON.parse(body.toString('utf8')) as Partial<PagerDutyEvent>;
  } catch {
    return { errors: ['JSON cannot be parsed'] };
  }
  const errors = [
    ...(isText(event.routing_key, 32) && event.routing_key.length === 32
      ? []
      : ["'routing_key' is missing or not 32 characters"]),
    ...(['trigger', 'acknowledge', 'resolve'].includes(String(event.event_action))
      ? []
      : ["'event_action' is missing or unknown"]),
    ...(event.dedup_key === undefined || isText(event.dedup_key, 255) ? [] : ["'dedup_key' is too long"]),
    ...(event.event_action === 'trigger' ? payloadErrors(event.payload) : dedupErrors(event)),
    ...linkErrors(event.links),
  ];
  return { event, errors };
}

const isText = (value: unknown, charsMax: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= charsMax;

const dedupErrors = (event: Partial<PagerDutyEvent>): string[] =>
  isText(event.dedup_key, 255) ? [] : ["'dedup_key' is missing"];

function payloadErrors(payload: Partial<NonNullable<PagerDutyEvent['payload']>> | undefined): string[] {
  if (payload === undefined) return ["'payload' is missing"];
  return [
    ...(isText(payload.summary, 1_024) ? [] : ["'payload.summary' is missing or too long"]),
    ...(isText(payload.source, 10_000) ? [] : ["'payload.source' is missing"]),
    ...(['critical', 'error', 'warning', 'info'].includes(String(payload.severity))
      ? []
      : ["'payload.severity' is invalid"]),
  ];
}

function linkErrors(links: unknown): string[] {
  if (links === undefined) return [];
  const valid =
    Array.isArray(links) && (links as { href?: unknown }[]).every(({ href }) => isText(href, 2_048));
  return valid ? [] : ["'links' is invalid"];
}

const json = (status: number, body: unknown): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
