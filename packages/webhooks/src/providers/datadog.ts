import type { ProviderRecord } from '../provider.js';

export const datadog: ProviderRecord = {
  name: 'datadog',
  title: 'Datadog',
  documentation: 'https://docs.datadoghq.com/integrations/webhooks/',
  scheme: { kind: 'token', header: 'x-webhook-token' },
  secretForm:
    'A token of your choice, entered in the custom headers of the webhook: {"X-Webhook-Token": "…"}.',
  body: 'json',
  deliveryId: { pointer: '/id' },
  eventType: { pointer: '/event_type' },
  notes:
    'Payload of the webhook: {"id": "$ID", "event_type": "$EVENT_TYPE", "title": "$EVENT_TITLE", "alert_transition": "$ALERT_TRANSITION", "priority": "$PRIORITY", "service": "$TAGS[service]", "date": "$DATE"}.',
  samples: [
    {
      name: 'error',
      headers: { 'content-type': 'application/json', 'x-datadog-event': 'monitor' },
      body: JSON.stringify({
        id: '7532159871',
        event_type: 'query_alert_monitor',
        title: '[Triggered] CPU is high on payments',
        alert_transition: 'Triggered',
        priority: 'P1',
        service: 'payments',
        date: '1775390459000',
      }),
    },
  ],
  proven: {
    by: 'nothing',
    reason:
      'Datadog signs nothing: the header is one of your own choice, so there is nothing to compare with.',
  },
};
