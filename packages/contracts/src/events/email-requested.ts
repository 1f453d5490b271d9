import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text } from '../fields.js';

/** Ask the notifier to send one mail to one person. */
export const emailRequested = defineContract({
  type: 'email.requested',
  kind: 'request',
  owner: 'notifier',
  publishers: ['logistics', 'sentiment', 'trial-monitor', 'welcome'],
  consumers: ['notifier'],
  summary: 'Send one mail to one person.',
  schema: z.looseObject({
    recipient_id: entityId.describe(
      "The person in the asking system's words (user, customer): the record key, so mails to one person keep order.",
    ),
    to: emailAddress,
    subject: personal(text(255)),
    body_text: personal(text(100_000)).describe(
      'Plain text, lines separated by line feeds; the notifier adds an HTML form.',
    ),
    purpose: text(64).describe('What the mail is for, e.g. `welcome`, `shipping_delay`.'),
  }),
  keyField: 'recipient_id',
  example: {
    recipient_id: 'usr-5678',
    to: 'jane.doe@example.com',
    subject: 'Welcome',
    body_text: 'Hello,\n\nyour trial has started.',
    purpose: 'welcome',
  },
});
