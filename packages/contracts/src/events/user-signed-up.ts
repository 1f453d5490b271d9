import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text } from '../fields.js';

/** Somebody signed up. */
export const userSignedUp = defineContract({
  type: 'user.signed_up',
  owner: 'authentication',
  consumers: ['trial-monitor', 'welcome'],
  summary: 'Somebody signed up.',
  schema: z.looseObject({
    user_id: entityId.describe('The new user.'),
    email: emailAddress,
    plan: text(255).describe('Plan chosen, such as premium_trial.'),
    signup_source: text(255).describe('Campaign or page that led to it.'),
    location: personal(text(255))
      .optional()
      .describe('ISO 3166-2 region such as US-CA, or ISO 3166-1 country such as DE, where known.'),
  }),
  keyField: 'user_id',
  example: {
    user_id: 'usr-5678',
    email: 'jane.doe@example.com',
    plan: 'premium_trial',
    signup_source: 'marketing_campaign_xyz',
    location: 'US-CA',
  },
});
