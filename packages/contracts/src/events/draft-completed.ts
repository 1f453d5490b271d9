import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress } from '../fields.js';
import { exampleHead, head } from './parts/draft.js';

/** The address of a draft became known, or changed; it still waits for a person. */
export const draftCompleted = defineContract({
  type: 'draft.completed',
  owner: 'sentiment',
  consumers: ['cli'],
  summary: 'The address of a draft became known; it still waits for approval.',
  schema: z.looseObject({ ...head, to: emailAddress }),
  keyField: 'customer_id',
  example: { ...exampleHead, to: 'jane.doe@example.com' },
});
