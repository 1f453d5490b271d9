import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, severity, text, timestamp } from '../fields.js';

const incident = {
  incident_id: entityId,
  service_name: entityId,
  environment: text(255),
  severity,
};

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
