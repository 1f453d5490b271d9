import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';
import { exampleHead, head } from './parts/ticket.js';

/** A ticket is done with. */
export const ticketResolved = defineContract({
  type: 'ticket.resolved',
  owner: 'notifier',
  consumers: ['sentiment'],
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
