import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';
import { usage } from './parts/trial.js';

/** A user on trial began to pay. */
export const trialConverted = defineContract({
  type: 'trial.converted',
  owner: 'trial-monitor',
  summary: 'A trial became a paid subscription.',
  schema: z.looseObject({
    user_id: entityId,
    plan: text(255),
    paid_plan: text(255),
    started_at: timestamp,
    converted_at: timestamp,
    usage,
  }),
  keyField: 'user_id',
  example: {
    user_id: 'usr-5678',
    plan: 'premium_trial',
    paid_plan: 'premium',
    started_at: '2026-03-31T10:30:00Z',
    converted_at: '2026-04-10T09:00:00Z',
    usage: { report_export: 3 },
  },
});
