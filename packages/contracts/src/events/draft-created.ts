import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, personal, text } from '../fields.js';
import { exampleHead, head } from './parts/draft.js';

/** An agent wrote a mail that a person must look at before it goes out. */
export const draftCreated = defineContract({
  type: 'draft.created',
  owner: 'sentiment',
  consumers: ['cli'],
  summary: 'A mail was drafted that a person must approve.',
  schema: z.looseObject({
    ...head,
    to: emailAddress.optional().describe('Left out when the address is not known.'),
    subject: personal(text(255)),
    body_text: personal(text(20_000)),
    reason: z.enum(['address_unknown', 'score_below_bound']).describe('Why it does not go out by itself.'),
  }),
  keyField: 'customer_id',
  example: {
    ...exampleHead,
    to: 'jane.doe@example.com',
    subject: 'Your experience with our product',
    body_text: 'Dear Jane Doe,\n\nwe are sorry.',
    reason: 'score_below_bound',
  },
});
