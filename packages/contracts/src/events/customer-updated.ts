import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text } from '../fields.js';

/** What the customer register knows of a customer now. */
export const customerUpdated = defineContract({
  type: 'customer.updated',
  owner: 'crm',
  consumers: ['sentiment'],
  summary: 'A customer was registered or changed: everything the register knows now.',
  schema: z.looseObject({
    customer_id: entityId,
    name: personal(text(255)),
    email: emailAddress,
    language: text(35).optional().describe('BCP 47 tag such as `en` or `de-AT`.'),
    tier: text(64).optional().describe('Kind of contract, such as `enterprise`.'),
  }),
  keyField: 'customer_id',
  example: {
    customer_id: 'cust_12345',
    name: 'Jane Doe',
    email: 'jane.doe@example.com',
    language: 'en',
    tier: 'enterprise',
  },
});
