import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, severity, text, timestamp } from '../fields.js';

const data = z.looseObject({
  alert_id: entityId.describe('The alert, not the event: the same alert may come again.'),
  event_type: z.literal('service_down').optional(),
  timestamp: timestamp.optional().describe('When the monitor saw it.'),
  service_name: entityId.describe('The service that does not answer.'),
  severity,
  environment: text(255).describe('Where it runs, such as production.'),
  message: text(10_000).describe('What the monitor saw, for people.'),
  incident_link: httpUrl.describe('Page of the monitor about this outage.'),
});

/** A monitor saw that a service does not answer. */
export const serviceDown = defineContract({
  type: 'service_down',
  owner: 'ops-monitoring',
  publishers: ['ops-monitoring', 'sample-payment-service'],
  consumers: ['ops'],
  summary: 'A service does not answer.',
  schema: data,
  flat: data.required({ event_type: true, timestamp: true }),
  keyField: 'service_name',
  example: {
    alert_id: 'ALERT-SVC-001',
    event_type: 'service_down',
    timestamp: '2026-04-05T12:01:00Z',
    service_name: 'PaymentGatewayService',
    severity: 'critical',
    environment: 'production',
    message: 'Payment Gateway Service is unresponsive across all instances.',
    incident_link: 'https://monitoring.tool/incident/12345',
  },
});
