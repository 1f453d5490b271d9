import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, text, timestamp } from '../fields.js';

/** How soon somebody must look at a ticket, the most urgent first. */
export const ticketPriority = z.enum(['urgent', 'high', 'normal', 'low']);
export type TicketPriority = z.infer<typeof ticketPriority>;

const caseId = entityId.describe(
  "The matter in the asking agent's words: ticket and comments of one case belong together.",
);
const ticketNumber = z.number().int().min(1).describe('What people call the ticket.');
const head = { ticket_number: ticketNumber, case_id: caseId, customer_id: entityId };
const exampleHead = { ticket_number: 17, case_id: 'case-cust_12345-1', customer_id: 'cust_12345' };

/** Ask the ticket desk for a ticket; one case has at most one. */
export const ticketRequested = defineContract({
  type: 'ticket.requested',
  kind: 'request',
  owner: 'notifier',
  summary: 'Open a ticket at the ticket desk.',
  schema: z.looseObject({
    case_id: caseId,
    customer_id: entityId,
    customer_name: text(255),
    subject: text(255),
    body_text: text(20_000),
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

/** Ask the ticket desk to add to the ticket of a case. May come before the ticket itself is there. */
export const ticketCommentRequested = defineContract({
  type: 'ticket_comment.requested',
  kind: 'request',
  owner: 'notifier',
  summary: 'Add a comment to the ticket of a case, perhaps with a higher priority.',
  schema: z.looseObject({
    case_id: caseId,
    customer_id: entityId,
    body_text: text(20_000),
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

/** Ask the ticket desk to resolve a ticket. */
export const ticketResolutionRequested = defineContract({
  type: 'ticket_resolution.requested',
  kind: 'request',
  owner: 'notifier',
  summary: 'Resolve a ticket.',
  schema: z.looseObject({
    ticket_number: ticketNumber,
    customer_id: entityId,
    by: text(255).describe('The person who resolved it.'),
    note: text(2_000).optional(),
  }),
  keyField: 'customer_id',
  example: { ticket_number: 17, customer_id: 'cust_12345', by: 'sam', note: 'Replaced the device.' },
});

/** The ticket desk has a ticket for the case. */
export const ticketOpened = defineContract({
  type: 'ticket.opened',
  owner: 'notifier',
  summary: 'A requested ticket was opened.',
  schema: z.looseObject({
    ...head,
    request_id: entityId,
    subject: text(255),
    priority: ticketPriority,
    opened_at: timestamp,
  }),
  keyField: 'customer_id',
  example: {
    ...exampleHead,
    request_id: 'c0ffee00-0000-5000-8000-000000000004',
    subject: 'Complaint on twitter: quality (Jane Doe)',
    priority: 'high',
    opened_at: '2026-04-05T10:30:01.000Z',
  },
});

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

/** A ticket is done with. */
export const ticketResolved = defineContract({
  type: 'ticket.resolved',
  owner: 'notifier',
  summary: 'A ticket was resolved.',
  schema: z.looseObject({
    ...head,
    request_id: entityId,
    by: text(255),
    note: text(2_000).optional(),
    resolved_at: timestamp,
  }),
  keyField: 'customer_id',
  example: {
    ...exampleHead,
    request_id: 'c0ffee00-0000-5000-8000-000000000006',
    by: 'sam',
    note: 'Replaced the device.',
    resolved_at: '2026-04-05T12:10:00.000Z',
  },
});

/** What was asked of the ticket desk could not be done. */
export const ticketFailed = defineContract({
  type: 'ticket.failed',
  owner: 'notifier',
  summary: 'A request to the ticket desk was given up.',
  schema: z.looseObject({
    request_id: entityId,
    customer_id: entityId,
    act: z.enum(['open', 'comment', 'resolve']),
    case_id: caseId.optional(),
    ticket_number: ticketNumber.optional(),
    error_code: text(64),
    reason: text(1_000),
    attempts: z.number().int().min(1),
  }),
  keyField: 'customer_id',
  example: {
    request_id: 'c0ffee00-0000-5000-8000-000000000006',
    customer_id: 'cust_12345',
    act: 'resolve',
    ticket_number: 4_711,
    error_code: 'not_found',
    reason: 'There is no ticket 4711.',
    attempts: 1,
  },
});
