import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text } from '../fields.js';

/** A lead is worth a call. */
export const leadQualified = defineContract({
  type: 'lead.qualified',
  owner: 'lead-qualification',
  summary: 'A lead is worth a call.',
  schema: z.looseObject({
    lead_id: entityId,
    name: personal(text(255)),
    email: emailAddress,
    company: text(255),
    score: z.number().min(0).max(100).describe('How promising the lead is; 100 is best.'),
    timezone: text(64).describe('IANA time zone name.'),
  }),
  keyField: 'lead_id',
  example: {
    lead_id: 'lead-4471',
    name: 'Sam Rivera',
    email: 'sam.rivera@example.com',
    company: 'Northwind Trading',
    score: 87,
    timezone: 'America/New_York',
  },
});
