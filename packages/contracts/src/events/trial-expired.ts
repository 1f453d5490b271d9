import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';
import { usage } from './parts/trial.js';

/** A trial ended without a subscription. */
export const trialExpired = defineContract({
  type: 'trial.expired',
  owner: 'trial-monitor',
  summary: 'A trial ended without a subscription.',
  schema: z.looseObject({
    user_id: entityId,
    plan: text(255),
    started_at: timestamp,
    expired_at: timestamp,
    usage,
  }),
  keyField: 'user_id',
  example: {
    user_id: 'usr-5678',
    plan: 'premium_trial',
    started_at: '2026-03-31T10:30:00Z',
    expired_at: '2026-04-14T10:30:00Z',
    usage: {},
  },
});
