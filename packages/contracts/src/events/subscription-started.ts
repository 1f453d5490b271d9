import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';

/** A user began to pay. */
export const subscriptionStarted = defineContract({
  type: 'subscription.started',
  owner: 'billing',
  consumers: ['trial-monitor'],
  summary: 'A user began to pay for a plan.',
  schema: z.looseObject({ user_id: entityId, plan: text(255), started_at: timestamp }),
  keyField: 'user_id',
  example: { user_id: 'usr-5678', plan: 'premium', started_at: '2026-04-10T09:00:00Z' },
});
