import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, timestamp } from '../fields.js';

/** logistics expects a product to run out before the late goods arrive. */
export const shortagePredicted = defineContract({
  type: 'shortage.predicted',
  owner: 'logistics',
  summary: 'A product will run out before late goods arrive.',
  schema: z.looseObject({
    product_id: entityId,
    warehouse: entityId,
    shipment_id: entityId,
    short_from: timestamp.describe('When stock reaches zero for the first time.'),
    short_until: timestamp.describe('When the late goods, or others that last, arrive.'),
    units_short: z.number().int().min(0).describe('Demand that cannot be met between, rounded up.'),
  }),
  keyField: 'product_id',
  example: {
    product_id: 'PROD-A',
    warehouse: 'WH-HAM',
    shipment_id: 'SHIP-XYZ-789',
    short_from: '2026-04-08T06:00:00Z',
    short_until: '2026-04-10T17:00:00Z',
    units_short: 74,
  },
});
