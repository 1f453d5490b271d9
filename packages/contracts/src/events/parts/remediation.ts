import { z } from 'zod';
import { entityId, text } from '../../fields.js';

export const step = {
  incident_id: entityId,
  service_name: entityId,
  environment: text(255),
  runbook: text(255),
  step: z.number().int().min(1).describe('1 for the first step.'),
  action: z.enum(['restart', 'scale', 'hook']),
};
