import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';
import { caseId, ticketNumber } from './parts/ticket.js';

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
