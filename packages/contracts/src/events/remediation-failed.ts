import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';
import { step } from './parts/remediation.js';

/** A runbook step was refused or failed. */
export const remediationFailed = defineContract({
  type: 'remediation.failed',
  owner: 'remediator',
  consumers: ['ops'],
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
