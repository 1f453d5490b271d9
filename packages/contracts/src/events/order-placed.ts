import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, personal, text, timestamp } from '../fields.js';

/** A customer ordered products. */
export const orderPlaced = defineContract({
  type: 'order.placed',
  owner: 'shop',
  consumers: ['logistics'],
  summary: 'A customer ordered products.',
  schema: z.looseObject({
    order_id: entityId,
    customer_id: entityId,
    customer_name: personal(text(255)),
    email: emailAddress,
    items: z
      .array(z.looseObject({ product_id: entityId, quantity: z.number().int().min(1) }))
      .min(1)
      .max(1_000),
    promised_at: timestamp,
  }),
  keyField: 'order_id',
  example: {
    order_id: 'ORD-1001',
    customer_id: 'cust_12345',
    customer_name: 'Jane Doe',
    email: 'jane.doe@example.com',
    items: [{ product_id: 'PROD-A', quantity: 20 }],
    promised_at: '2026-04-09T12:00:00Z',
  },
});
