import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Alert {
  readonly alert_id: string;
  readonly service_name: string;
  readonly timestamp: string;
}

/** The event of a webhook, as plainly as can be. */
export function eventText(alert: Alert): string {
  const metadata = { source_service: 'ops-alert', correlation_id: alert.alert_id };
  const { timestamp } = alert;
  return JSON.stringify({
    event_id: alert.alert_id,
    event_type: 'service_down',
    timestamp,
    data: alert,
    metadata,
  });
}

/** What was received, as plainly as can be: nothing is checked or removed. */
export function recordText(payload: Alert, { socket, headers }: IncomingMessage, bytes: number): string {
  const webhookId = randomUUID();
  const timestamp = new Date().toISOString();
  const data = {
    ...{ webhook_id: webhookId, source: 'ops-alert', path: '/agent/ops-alert-webhook', verdict: 'accepted' },
    ...{ status: 202, address: socket.remoteAddress, received_at: timestamp, headers, payload },
    ...{ size_bytes: bytes, event_id: payload.alert_id, event_type: 'service_down' },
  };
  const metadata = { source_service: 'gateway', correlation_id: payload.alert_id };
  return JSON.stringify({
    event_id: webhookId,
    event_type: 'webhook.received',
    timestamp,
    data,
    metadata,
  });
}
