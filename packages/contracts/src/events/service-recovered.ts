import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, severity, text, timestamp } from '../fields.js';

const data = z.looseObject({
  alert_id: entityId.describe('The alert that ends.'),
  event_type: z.literal('service_recovered').optional(),
  timestamp: timestamp.optional().describe('When the monitor saw it.'),
  service_name: entityId.describe('The service that answers again.'),
  environment: text(255).describe('Where it runs, such as production.'),
  message: text(10_000),
  severity: severity.optional(),
  incident_link: httpUrl.optional(),
});

/** A monitor saw that a service answers again. */
export const serviceRecovered = defineContract({
  type: 'service_recovered',
  owner: 'ops-monitoring',
  publishers: ['ops-monitoring', 'sample-payment-service'],
  consumers: ['ops'],
  summary: 'A service answers again.',
  schema: data,
  flat: data.required({ event_type: true, timestamp: true }),
  keyField: 'service_name',
  example: {
    alert_id: 'ALERT-SVC-001',
    event_type: 'service_recovered',
    timestamp: '2026-04-05T12:21:00Z',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    message: 'Payment Gateway Service answers again.',
  },
});
