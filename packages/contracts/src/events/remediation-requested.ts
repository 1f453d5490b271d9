import { z } from 'zod';
import { defineContract } from '../contract.js';
import { step } from './parts/remediation.js';

/** Ask the remediator for one step of a runbook; it runs only what its allow-list holds. */
export const remediationRequested = defineContract({
  type: 'remediation.requested',
  kind: 'request',
  owner: 'remediator',
  publishers: ['ops'],
  consumers: ['remediator'],
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
