import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text } from '../fields.js';

/** The receiving mail server (or the local mailbox) took the mail. */
export const emailSent = defineContract({
  type: 'email.sent',
  owner: 'notifier',
  summary: 'A requested mail was taken by the mail server.',
  schema: z.looseObject({
    request_id: entityId,
    recipient_id: entityId,
    to: emailAddress,
    subject: personal(text(255)),
    purpose: text(64),
    message_id: text(255),
    transport: z.enum(['smtp', 'local-mailbox']),
  }),
  keyField: 'recipient_id',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000001',
    recipient_id: 'usr-5678',
    to: 'jane.doe@example.com',
    subject: 'Welcome',
    purpose: 'welcome',
    message_id: '<c0ffee00-0000-5000-8000-000000000001@signalbox.local>',
    transport: 'local-mailbox',
  },
});
