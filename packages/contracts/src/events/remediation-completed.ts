import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';
import { step } from './parts/remediation.js';

/** A runbook step ran to its end. */
export const remediationCompleted = defineContract({
  type: 'remediation.completed',
  owner: 'remediator',
  consumers: ['ops'],
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
