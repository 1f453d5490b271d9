import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, text } from '../fields.js';

/** Ask the notifier to send one mail to one person. */
export const emailRequested = defineContract({
  type: 'email.requested',
  kind: 'request',
  owner: 'notifier',
  summary: 'Send one mail to one person.',
  schema: z.looseObject({
    recipient_id: entityId.describe(
      "The person in the asking system's words (user, customer): the record key, so mails to one person keep order.",
    ),
    to: emailAddress,
    subject: text(255),
    body_text: text(100_000).describe(
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

/** The receiving mail server (or the local mailbox) took the mail. */
export const emailSent = defineContract({
  type: 'email.sent',
  owner: 'notifier',
  summary: 'A requested mail was taken by the mail server.',
  schema: z.looseObject({
    request_id: entityId,
    recipient_id: entityId,
    to: emailAddress,
    subject: text(255),
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

/** A requested mail was given up. */
export const emailFailed = defineContract({
  type: 'email.failed',
  owner: 'notifier',
  summary: 'A requested mail was given up.',
  schema: z.looseObject({
    request_id: entityId,
    recipient_id: entityId,
    to: emailAddress,
    subject: text(255),
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
