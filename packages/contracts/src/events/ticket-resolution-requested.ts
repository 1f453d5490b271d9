import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';
import { ticketNumber } from './parts/ticket.js';

/** Ask the ticket desk to resolve a ticket. */
export const ticketResolutionRequested = defineContract({
  type: 'ticket_resolution.requested',
  kind: 'request',
  owner: 'notifier',
  consumers: ['notifier'],
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
