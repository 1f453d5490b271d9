import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, personal, text, timestamp } from '../fields.js';
import { exampleHead, head, ticketPriority } from './parts/ticket.js';

/** The ticket desk has a ticket for the case. */
export const ticketOpened = defineContract({
  type: 'ticket.opened',
  owner: 'notifier',
  consumers: ['sentiment'],
  summary: 'A requested ticket was opened.',
  schema: z.looseObject({
    ...head,
    request_id: entityId,
    subject: personal(text(255)),
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
