import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';

/** A user used a feature. */
export const usageRecorded = defineContract({
  type: 'usage.recorded',
  owner: 'product-analytics',
  summary: 'A user used a feature.',
  schema: z.looseObject({
    user_id: entityId,
    feature: text(255),
    quantity: z.number().min(0).describe('How often it was used, in `unit`s.'),
    unit: text(64),
  }),
  keyField: 'user_id',
  example: { user_id: 'usr-5678', feature: 'report_export', quantity: 3, unit: 'call' },
});
