import type { DataOf, EventEnvelope, Severity, notificationRequested } from '@signalbox/contracts';

type Request = DataOf<typeof notificationRequested>;
type PagerDutySeverity = 'critical' | 'error' | 'warning' | 'info';

/** An event of the Events API v2. https://developer.pagerduty.com/docs/send-alert-event */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: Request['action'];
  readonly dedup_key: string;
  readonly client?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: PagerDutySeverity;
    readonly timestamp: string;
    readonly component?: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

/** PagerDuty's limit for a summary, in characters. */
const summaryCharsMax = 1_024;

const severityOf: Readonly<Record<Severity, PagerDutySeverity>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

/** The PagerDuty event for a requested notification; only a trigger carries a payload. */
export function pagerDutyEventOf(event: EventEnvelope<Request>, routingKey: string): PagerDutyEvent {
  const { action, dedup_key: dedupKey } = event.data;
  const head = { routing_key: routingKey, event_action: action, dedup_key: dedupKey };
  return action === 'trigger' ? { ...head, ...triggerOf(event) } : head;
}

function triggerOf(
  event: EventEnvelope<Request>,
): Omit<PagerDutyEvent, 'routing_key' | 'event_action' | 'dedup_key'> {
  const { title, severity, subject_kind: kind, subject_id: id, audience, body_text: body, link } = event.data;
  return {
    client: 'Signalbox',
    payload: {
      summary: title.slice(0, summaryCharsMax),
      source: event.metadata.source_service,
      severity: severityOf[severity],
      timestamp: event.timestamp,
      component: id,
      custom_details: {
        ...(body === undefined ? {} : { details: body }),
        subject: `${kind} ${id}`,
        audience,
        correlation_id: event.metadata.correlation_id,
        event_id: event.event_id,
      },
    },
    ...(link === undefined ? {} : { links: [{ href: link, text: `About this ${kind}` }] }),
  };
}
