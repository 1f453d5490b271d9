import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text } from '../fields.js';

/** logistics moved another shipment up to lessen a shortage. */
export const shipmentReprioritized = defineContract({
  type: 'shipment.reprioritized',
  owner: 'logistics',
  summary: 'A shipment was given another priority.',
  schema: z.looseObject({
    shipment_id: entityId,
    from_priority: z.number().int().min(1).max(5),
    to_priority: z.number().int().min(1).max(5),
    because_of: entityId.describe('The late shipment that led to it.'),
    reason: text(2_000),
  }),
  keyField: 'shipment_id',
  example: {
    shipment_id: 'SHIP-ABC-123',
    from_priority: 3,
    to_priority: 1,
    because_of: 'SHIP-XYZ-789',
    reason: 'Carries 200 units of PROD-A, short from 2026-04-08.',
  },
});
