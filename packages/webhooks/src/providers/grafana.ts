import type { ProviderRecord } from '../provider.js';

export const grafana: ProviderRecord = {
  name: 'grafana',
  title: 'Grafana Alerting',
  documentation:
    'https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/',
  scheme: {
    kind: 'hmac',
    header: 'x-grafana-alerting-signature',
    signed: '{timestamp}:{body}',
    timestamp: { header: 'x-grafana-alerting-timestamp' },
  },
  secretForm:
    'The secret under HMAC Signature of the contact point; enter X-Grafana-Alerting-Timestamp as its timestamp header.',
  body: 'json',
  eventType: { pointer: '/status' },
  notes:
    'Without a timestamp header there is no protection against replay: write a scheme of your own with signed: "{body}" then.',
  samples: [
    {
      name: 'firing',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        receiver: 'signalbox',
        status: 'firing',
        orgId: 1,
        groupKey: '{}:{alertname="HighErrorRate"}',
        commonLabels: { alertname: 'HighErrorRate', service: 'payments' },
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'HighErrorRate', service: 'payments' },
            startsAt: '2026-04-05T12:00:59Z',
            endsAt: '0001-01-01T00:00:00Z',
            fingerprint: 'c6eadffa33fcdf37',
          },
        ],
        title: '[FIRING:1] HighErrorRate',
        state: 'alerting',
      }),
    },
  ],
  proven: { by: 'official library', reference: 'grafana/alerting: http/hmac.go made the vector' },
};
