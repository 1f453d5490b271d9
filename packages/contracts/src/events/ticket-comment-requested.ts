import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, personal, text } from '../fields.js';
import { caseId, ticketPriority } from './parts/ticket.js';

/** Ask the ticket desk to add to the ticket of a case. May come before the ticket itself is there. */
export const ticketCommentRequested = defineContract({
  type: 'ticket_comment.requested',
  kind: 'request',
  owner: 'notifier',
  publishers: ['sentiment'],
  consumers: ['notifier'],
  summary: 'Add a comment to the ticket of a case, perhaps with a higher priority.',
  schema: z.looseObject({
    case_id: caseId,
    customer_id: entityId,
    body_text: personal(text(20_000)),
    priority: ticketPriority.optional().describe('The ticket rises to it; it never falls.'),
    link: httpUrl.optional(),
  }),
  keyField: 'customer_id',
  example: {
    case_id: 'case-cust_12345-1',
    customer_id: 'cust_12345',
    body_text: 'The customer complained again.',
    priority: 'urgent',
  },
});
