import { z } from 'zod';
import { entityId } from '../../fields.js';

/** How soon somebody must look at a ticket, the most urgent first. */
export const ticketPriority = z.enum(['urgent', 'high', 'normal', 'low']);

export type TicketPriority = z.infer<typeof ticketPriority>;

export const caseId = entityId.describe(
  "The matter in the asking agent's words: ticket and comments of one case belong together.",
);

export const ticketNumber = z.number().int().min(1).describe('What people call the ticket.');

export const head = { ticket_number: ticketNumber, case_id: caseId, customer_id: entityId };

export const exampleHead = { ticket_number: 17, case_id: 'case-cust_12345-1', customer_id: 'cust_12345' };
