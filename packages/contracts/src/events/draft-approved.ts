import { z } from 'zod';
import { defineContract } from '../contract.js';
import { personal, text } from '../fields.js';
import { decision, exampleHead } from './parts/draft.js';

/** A person lets a draft go out, perhaps with a text of their own. */
export const draftApproved = defineContract({
  type: 'draft.approved',
  owner: 'support',
  consumers: ['sentiment'],
  summary: 'A person approved a draft, perhaps with another text.',
  schema: z.looseObject({
    ...decision,
    subject: personal(text(255)).optional().describe('Instead of the drafted one.'),
    body_text: personal(text(20_000)).optional().describe('Instead of the drafted one.'),
  }),
  keyField: 'customer_id',
  example: { ...exampleHead, by: 'sam' },
});
