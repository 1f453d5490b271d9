import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, text } from '../fields.js';

const head = { draft_id: entityId, customer_id: entityId };
const exampleHead = { draft_id: 'draft-cust_12345-1', customer_id: 'cust_12345' };
const decision = {
  ...head,
  by: text(255).describe('The person who decided.'),
  note: text(2_000).optional(),
};

/** An agent wrote a mail that a person must look at before it goes out. */
export const draftCreated = defineContract({
  type: 'draft.created',
  owner: 'sentiment',
  summary: 'A mail was drafted that a person must approve.',
  schema: z.looseObject({
    ...head,
    to: emailAddress.optional().describe('Left out when the address is not known.'),
    subject: text(255),
    body_text: text(20_000),
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

/** The address of a draft became known, or changed; it still waits for a person. */
export const draftCompleted = defineContract({
  type: 'draft.completed',
  owner: 'sentiment',
  summary: 'The address of a draft became known; it still waits for approval.',
  schema: z.looseObject({ ...head, to: emailAddress }),
  keyField: 'customer_id',
  example: { ...exampleHead, to: 'jane.doe@example.com' },
});

/** A person lets a draft go out, perhaps with a text of their own. */
export const draftApproved = defineContract({
  type: 'draft.approved',
  owner: 'support',
  summary: 'A person approved a draft, perhaps with another text.',
  schema: z.looseObject({
    ...decision,
    subject: text(255).optional().describe('Instead of the drafted one.'),
    body_text: text(20_000).optional().describe('Instead of the drafted one.'),
  }),
  keyField: 'customer_id',
  example: { ...exampleHead, by: 'sam' },
});

/** A person decided that a draft does not go out. */
export const draftRejected = defineContract({
  type: 'draft.rejected',
  owner: 'support',
  summary: 'A person rejected a draft: it is not sent.',
  schema: z.looseObject(decision),
  keyField: 'customer_id',
  example: { ...exampleHead, by: 'sam', note: 'I have called her.' },
});
