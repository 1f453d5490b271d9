import { z } from 'zod';
import { defineContract } from '../contract.js';
import { decision, exampleHead } from './parts/draft.js';

/** A person decided that a draft does not go out. */
export const draftRejected = defineContract({
  type: 'draft.rejected',
  owner: 'support',
  consumers: ['sentiment'],
  summary: 'A person rejected a draft: it is not sent.',
  schema: z.looseObject(decision),
  keyField: 'customer_id',
  example: { ...exampleHead, by: 'sam', note: 'I have called her.' },
});
