import type { ProviderRecord } from '../provider.js';

export const alertmanager: ProviderRecord = {
  name: 'alertmanager',
  title: 'Prometheus Alertmanager',
  documentation: 'https://prometheus.io/docs/alerting/latest/configuration/#webhook_config',
  scheme: { kind: 'basic' },
  secretForm: 'user:password as under http_config.basic_auth of the receiver.',
  body: 'json',
  eventType: { pointer: '/status' },
  notes:
    'A password proves the sender, not the body. With http_config.authorization use a scheme of kind token, header authorization and prefix "Bearer ".',
  samples: [
    {
      name: 'firing',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        version: '4',
        groupKey: '{}:{alertname="InstanceDown"}',
        truncatedAlerts: 0,
        status: 'firing',
        receiver: 'signalbox',
        groupLabels: { alertname: 'InstanceDown' },
        commonLabels: { alertname: 'InstanceDown', service: 'payments', severity: 'critical' },
        commonAnnotations: { summary: 'payments is down' },
        externalURL: 'http://alertmanager.example.com',
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'InstanceDown', service: 'payments', severity: 'critical' },
            annotations: { summary: 'payments is down' },
            startsAt: '2026-04-05T12:00:59.000Z',
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: 'http://prometheus.example.com/graph',
            fingerprint: 'c6eadffa33fcdf37',
          },
        ],
      }),
    },
  ],
  proven: { by: 'documentation', reference: 'RFC 7617, section 2: "Aladdin:open sesame"' },
};
