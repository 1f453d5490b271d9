import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, text, timestamp } from '../fields.js';
import { incident } from './parts/incident.js';

/** ops opened an incident: one per service and environment. */
export const incidentOpened = defineContract({
  type: 'incident.opened',
  owner: 'ops',
  summary: 'An incident was opened.',
  schema: z.looseObject({
    ...incident,
    alert_id: entityId,
    message: text(10_000),
    incident_link: httpUrl,
    opened_at: timestamp,
  }),
  keyField: 'service_name',
  example: {
    incident_id: 'inc-PaymentGatewayService-production-1',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    severity: 'critical',
    alert_id: 'ALERT-SVC-001',
    message: 'Payment Gateway Service is unresponsive across all instances.',
    incident_link: 'https://monitoring.tool/incident/12345',
    opened_at: '2026-04-05T12:01:00Z',
  },
});
