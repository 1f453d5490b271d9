import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId } from '../fields.js';
import { caseId, exampleHead, ticketNumber, ticketPriority } from './parts/ticket.js';

/** The ticket desk has the comment. */
export const ticketCommented = defineContract({
  type: 'ticket.commented',
  owner: 'notifier',
  summary: 'A comment was added to the ticket of a case.',
  schema: z.looseObject({
    case_id: caseId,
    customer_id: entityId,
    request_id: entityId,
    ticket_number: ticketNumber.optional().describe('Left out when the comment came before its ticket.'),
    priority: ticketPriority.optional().describe('Of the ticket, once it is there.'),
  }),
  keyField: 'customer_id',
  example: { ...exampleHead, request_id: 'c0ffee00-0000-5000-8000-000000000005', priority: 'urgent' },
});
