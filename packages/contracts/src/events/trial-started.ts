import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';

/** trial-monitor started a trial's clock. */
export const trialStarted = defineContract({
  type: 'trial.started',
  owner: 'trial-monitor',
  summary: 'A trial began.',
  schema: z.looseObject({ user_id: entityId, plan: text(255), started_at: timestamp, ends_at: timestamp }),
  keyField: 'user_id',
  example: {
    user_id: 'usr-5678',
    plan: 'premium_trial',
    started_at: '2026-03-31T10:30:00Z',
    ends_at: '2026-04-14T10:30:00Z',
  },
});
