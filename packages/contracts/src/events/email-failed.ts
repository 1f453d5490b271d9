import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text } from '../fields.js';

/** A requested mail was given up. */
export const emailFailed = defineContract({
  type: 'email.failed',
  owner: 'notifier',
  summary: 'A requested mail was given up.',
  schema: z.looseObject({
    request_id: entityId,
    recipient_id: entityId,
    to: emailAddress,
    subject: personal(text(255)),
    purpose: text(64),
    error_code: text(64),
    reason: text(1_000),
    attempts: z.number().int().min(1),
  }),
  keyField: 'recipient_id',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000001',
    recipient_id: 'usr-5678',
    to: 'jane.doe@example.com',
    subject: 'Welcome',
    purpose: 'welcome',
    error_code: 'outbound_refused',
    reason: '550 no such user',
    attempts: 1,
  },
});
