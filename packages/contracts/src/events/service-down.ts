import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, severity, text, timestamp } from '../fields.js';

const data = z.looseObject({
  alert_id: entityId,
  event_type: z.literal('service_down').optional(),
  timestamp: timestamp.optional(),
  service_name: entityId,
  severity,
  environment: text(255),
  message: text(10_000),
  incident_link: httpUrl,
});

/** A monitor saw that a service does not answer. */
export const serviceDown = defineContract({
  type: 'service_down',
  owner: 'ops-monitoring',
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
