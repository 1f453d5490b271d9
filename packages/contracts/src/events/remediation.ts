import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';

const step = {
  incident_id: entityId,
  service_name: entityId,
  environment: text(255),
  runbook: text(255),
  step: z.number().int().min(1).describe('1 for the first step.'),
  action: z.enum(['restart', 'scale', 'hook']),
};

/** Ask the remediator for one step of a runbook; it runs only what its allow-list holds. */
export const remediationRequested = defineContract({
  type: 'remediation.requested',
  kind: 'request',
  owner: 'remediator',
  summary: 'Run one allow-listed step of a runbook.',
  schema: z.looseObject({ ...step, parameters: z.record(z.string(), z.string()).optional() }),
  keyField: 'service_name',
  example: {
    incident_id: 'inc-PaymentGatewayService-production-1',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    runbook: 'service-unresponsive',
    step: 1,
    action: 'restart',
  },
});

/** A runbook step ran to its end. */
export const remediationCompleted = defineContract({
  type: 'remediation.completed',
  owner: 'remediator',
  summary: 'A runbook step ran to its end.',
  schema: z.looseObject({
    request_id: entityId,
    ...step,
    outcome: text(2_000),
    duration_ms: z.number().int().min(0),
  }),
  keyField: 'service_name',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000003',
    incident_id: 'inc-PaymentGatewayService-production-1',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    runbook: 'service-unresponsive',
    step: 1,
    action: 'restart',
    outcome: 'Process restarted and answering.',
    duration_ms: 820,
  },
});

/** A runbook step was refused or failed. */
export const remediationFailed = defineContract({
  type: 'remediation.failed',
  owner: 'remediator',
  summary: 'A runbook step was refused or failed.',
  schema: z.looseObject({
    request_id: entityId,
    ...step,
    error_code: text(64),
    reason: text(1_000),
    attempts: z.number().int().min(1),
  }),
  keyField: 'service_name',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000003',
    incident_id: 'inc-PaymentGatewayService-production-1',
    service_name: 'PaymentGatewayService',
    environment: 'production',
    runbook: 'service-unresponsive',
    step: 1,
    action: 'restart',
    error_code: 'action_not_allowed',
    reason: 'No entry for PaymentGatewayService in the allow-list.',
    attempts: 1,
  },
});
