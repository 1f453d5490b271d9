import { entityId, text } from '../../fields.js';

export const head = { draft_id: entityId, customer_id: entityId };

export const exampleHead = { draft_id: 'draft-cust_12345-1', customer_id: 'cust_12345' };

export const decision = {
  ...head,
  by: text(255).describe('The person who decided.'),
  note: text(2_000).optional(),
};
