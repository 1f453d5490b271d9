import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';

const data = z.looseObject({
  event_type: z.literal('shipping_delay').optional(),
  timestamp: timestamp.optional().describe('When monitoring saw it.'),
  shipment_id: entityId.describe('The late shipment.'),
  carrier: text(255),
  original_eta: timestamp.describe('Arrival as planned.'),
  new_eta: timestamp.describe('Arrival as expected now.'),
  reason: text(2_000).describe('Why, in words: what happened, and where.'),
  affected_products: z.array(entityId).max(1_000).describe('Products on board.'),
  proactive_action_needed: z.boolean().describe('Whether the sender asks for action.'),
});

/** Supply-chain monitoring saw that a shipment will arrive late. */
export const shippingDelay = defineContract({
  type: 'shipping_delay',
  owner: 'logistics-monitoring',
  consumers: ['logistics'],
  summary: 'A shipment will arrive later than planned.',
  schema: data,
  flat: data.required({ event_type: true, timestamp: true }),
  keyField: 'shipment_id',
  example: {
    event_type: 'shipping_delay',
    timestamp: '2026-04-05T11:15:00Z',
    shipment_id: 'SHIP-XYZ-789',
    carrier: 'Global Freight',
    original_eta: '2026-04-08T17:00:00Z',
    new_eta: '2026-04-10T17:00:00Z',
    reason: 'Port strike at Rotterdam',
    affected_products: ['PROD-A', 'PROD-B'],
    proactive_action_needed: true,
  },
});
