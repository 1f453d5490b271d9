/** An alert as Alertmanager sends it. */
export const alert = (fingerprint: string, status = 'firing'): object => ({
  status,
  labels: { alertname: 'HighLatency', service: `checkout-${fingerprint}`, severity: 'critical' },
  annotations: { summary: 'p99 is above two seconds.' },
  startsAt: '2026-04-05T12:01:00Z',
  endsAt: '2026-04-05T12:30:00Z',
  generatorURL: 'http://prometheus.example/graph',
  fingerprint,
});
