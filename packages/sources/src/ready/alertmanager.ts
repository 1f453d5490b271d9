import type { ReadyMapping } from './ready-mapping.js';

const service =
  '$string(labels.service ?: labels.service_name ?: labels.job ?: labels.instance ?: labels.alertname)';
const environment =
  "$string(labels.environment ?: labels.env ?: labels.namespace ?: labels.cluster ?: 'production')";
const message =
  "$substring($string(annotations.summary ?: annotations.description ?: annotations.message ?: labels.alertname ?: 'An alert fires.'), 0, 5000)";
const severity = `$lookup({
    "critical": "critical", "page": "critical", "error": "high", "high": "high", "major": "high",
    "warning": "medium", "medium": "medium", "minor": "low", "low": "low", "info": "info", "none": "info"
  }, $lowercase(labels.severity ?: "warning")) ?: "medium"`;
const link = "$contains(generatorURL ?: '', /^https?:/i) ? generatorURL : $payload.externalURL";

const data = (type: string, at: string): string => `{
  "alert_id": fingerprint,
  "event_type": "${type}",
  "timestamp": ${at},
  "service_name": ${service},
  "severity": ${severity},
  "environment": ${environment},
  "message": ${message},
  "incident_link": ${link}
}`;

/** Alertmanager's and Grafana's webhooks have the same form: a group of alerts, each firing or resolved. */
export const alertmanager: ReadyMapping = {
  name: 'alertmanager-alerts',
  providers: ['alertmanager', 'grafana'],
  summary: 'Each firing alert is `service_down`, each resolved one `service_recovered`.',
  rules: [
    {
      each: 'alerts[status = "firing"]',
      event_type: 'service_down',
      id: 'fingerprint & ":" & status',
      timestamp: 'startsAt',
      data: data('service_down', 'startsAt'),
    },
    {
      each: 'alerts[status = "resolved"]',
      event_type: 'service_recovered',
      id: 'fingerprint & ":" & status',
      timestamp: 'endsAt',
      data: data('service_recovered', 'endsAt'),
    },
  ],
};
