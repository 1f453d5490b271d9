import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, personal, text } from '../fields.js';
import { caseId, ticketPriority } from './parts/ticket.js';

/** Ask the ticket desk for a ticket; one case has at most one. */
export const ticketRequested = defineContract({
  type: 'ticket.requested',
  kind: 'request',
  owner: 'notifier',
  publishers: ['sentiment'],
  consumers: ['notifier'],
  summary: 'Open a ticket at the ticket desk.',
  schema: z.looseObject({
    case_id: caseId,
    customer_id: entityId,
    customer_name: personal(text(255)),
    subject: personal(text(255)),
    body_text: personal(text(20_000)),
    priority: ticketPriority,
    link: httpUrl.optional().describe('Where it began, such as the post of the customer.'),
  }),
  keyField: 'customer_id',
  example: {
    case_id: 'case-cust_12345-1',
    customer_id: 'cust_12345',
    customer_name: 'Jane Doe',
    subject: 'Complaint on twitter: quality (Jane Doe)',
    body_text: "Acme Solutions' new product is buggy and frustrating! #fail",
    priority: 'high',
    link: 'https://twitter.com/user/status/123456789',
  },
});
