import type { ActivityEntry, EventEnvelope } from '@signalbox/contracts';
import type { SeenDecision, SeenEvent, SeenWebhook, StoryMaterial } from '../src/story/model.js';

const zeroMs = Date.UTC(2026, 3, 5, 12, 1);

export function webhookAt(afterMs: number, over: Partial<SeenWebhook> = {}): SeenWebhook {
  return {
    webhookId: `w${afterMs}`,
    source: 'ops-alert',
    path: '/agent/ops-alert-webhook',
    verdict: 'accepted',
    status: 202,
    eventId: 'alert',
    atMs: zeroMs + afterMs,
    ...over,
  };
}

export function eventAt(
  afterMs: number,
  id: string,
  type: string,
  causation?: string,
  data: unknown = {},
): SeenEvent {
  const event: EventEnvelope = {
    event_id: id,
    event_type: type,
    timestamp: '2026-04-05T12:01:00Z',
    data,
    metadata: {
      source_service: 'test',
      correlation_id: 'story-1',
      ...(causation === undefined ? {} : { causation_id: causation }),
    },
  };
  return { event, topic: type, atMs: zeroMs + afterMs };
}

export function decisionAt(
  afterMs: number,
  agent: string,
  eventId: string,
  outputs: readonly string[] = [],
  over: Partial<ActivityEntry> = {},
): SeenDecision {
  const entry: ActivityEntry = {
    event_id: eventId,
    source: 'test',
    event_type: 'service_down',
    handler: `${agent}Handler`,
    outcome: 'handled',
    outputs: outputs.map((id) => ({ event_id: id, event_type: 'x' })),
    ...over,
  };
  return { agent, entry, atMs: zeroMs + afterMs };
}

export function material(over: Partial<StoryMaterial>): StoryMaterial {
  return { correlationId: 'story-1', webhooks: [], events: [], decisions: [], ...over };
}

/** An outage from webhook to repair, as the agents of the repository tell it. */
export function outage(): StoryMaterial {
  const down = { service_name: 'Payments', environment: 'production', severity: 'critical' };
  const step = { service_name: 'Payments', action: 'restart', step: 1 };
  const page = { channel: 'pagerduty', audience: 'on-call', title: 'Payments is down' };
  return material({
    webhooks: [webhookAt(0), webhookAt(900)],
    events: [
      eventAt(4, 'alert', 'service_down', undefined, down),
      eventAt(44, 'inc', 'incident.opened', 'alert', { incident_id: 'inc-1' }),
      eventAt(45, 'page', 'notification.requested', 'alert', page),
      eventAt(46, 'fix', 'remediation.requested', 'alert', step),
      eventAt(190, 'paged', 'notification.sent', 'page', { ...page, transport: 'pagerduty' }),
    ],
    decisions: [
      decisionAt(41, 'ops', 'alert', ['inc', 'page', 'fix'], { note: 'Opened inc-1.', attempt: 1 }),
      decisionAt(905, 'ops', 'alert', [], { outcome: 'duplicate', handler: undefined }),
      decisionAt(60, 'notifier', 'page', [], { note: 'queued', event_type: 'notification.requested' }),
      decisionAt(180, 'notifier', 'page', ['paged'], {
        outcome: 'performed',
        event_type: 'notification.requested',
      }),
    ],
  });
}
