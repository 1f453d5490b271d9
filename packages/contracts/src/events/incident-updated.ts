import { z } from 'zod';
import { defineContract } from '../contract.js';
import { text, timestamp } from '../fields.js';
import { incident } from './parts/incident.js';

/** Another alert joined an open incident, or a runbook step ended. */
export const incidentUpdated = defineContract({
  type: 'incident.updated',
  owner: 'ops',
  summary: 'Something was added to an open incident.',
  schema: z.looseObject({ ...incident, note: text(2_000), updated_at: timestamp }),
  keyField: 'service_name',
  example: {
    incident_id: 'inc-PaymentGatewayService-production-1',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    severity: 'critical',
    note: 'Alert ALERT-SVC-002 joined.',
    updated_at: '2026-04-05T12:02:00Z',
  },
});
