import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, timestamp } from '../fields.js';

/** The stock of a product changed. */
export const stockChanged = defineContract({
  type: 'stock.changed',
  owner: 'warehouse',
  consumers: ['logistics'],
  summary: 'The stock of a product changed.',
  schema: z.looseObject({
    product_id: entityId,
    warehouse: entityId,
    on_hand: z.number().int().min(0).describe('Units on hand now.'),
    daily_demand: z.number().min(0).describe('Units sold or used a day, averaged.'),
    counted_at: timestamp,
  }),
  keyField: 'product_id',
  example: {
    product_id: 'PROD-A',
    warehouse: 'WH-HAM',
    on_hand: 90,
    daily_demand: 30,
    counted_at: '2026-04-05T06:00:00Z',
  },
});
