import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';
import { incident } from './parts/incident.js';

/** The service answers again; carries the whole log for the post-mortem. */
export const incidentResolved = defineContract({
  type: 'incident.resolved',
  owner: 'ops',
  summary: 'An incident was resolved.',
  schema: z.looseObject({
    ...incident,
    opened_at: timestamp,
    resolved_at: timestamp,
    duration_seconds: z.number().int().min(0),
    alert_ids: z.array(entityId).max(1_000),
    log: z.array(z.looseObject({ at: timestamp, entry: text(2_000) })).max(1_000),
  }),
  keyField: 'service_name',
  example: {
    incident_id: 'inc-PaymentGatewayService-production-1',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    severity: 'critical',
    opened_at: '2026-04-05T12:01:00Z',
    resolved_at: '2026-04-05T12:21:00Z',
    duration_seconds: 1_200,
    alert_ids: ['ALERT-SVC-001'],
    log: [{ at: '2026-04-05T12:01:00Z', entry: 'Opened by ALERT-SVC-001.' }],
  },
});
