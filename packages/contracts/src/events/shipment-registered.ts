import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, text, timestamp } from '../fields.js';
import { port } from './parts/logistics.js';

/** A shipment was booked. */
export const shipmentRegistered = defineContract({
  type: 'shipment.registered',
  owner: 'logistics-planning',
  consumers: ['logistics'],
  summary: 'A shipment was booked.',
  schema: z.looseObject({
    shipment_id: entityId,
    carrier: text(255),
    origin: port,
    destination: port,
    via: z.array(port).max(20).describe('Ports on the way in order, without origin and destination.'),
    departs_at: timestamp,
    eta: timestamp,
    warehouse: entityId.describe('Warehouse the goods are for.'),
    items: z
      .array(z.looseObject({ product_id: entityId, quantity: z.number().int().min(1) }))
      .min(1)
      .max(1_000),
    priority: z.number().int().min(1).max(5).describe('1 = first served, 5 = last.'),
  }),
  keyField: 'shipment_id',
  example: {
    shipment_id: 'SHIP-XYZ-789',
    carrier: 'Global Freight',
    origin: 'CNSHA',
    destination: 'DEHAM',
    via: ['NLRTM'],
    departs_at: '2026-03-10T06:00:00Z',
    eta: '2026-04-08T17:00:00Z',
    warehouse: 'WH-HAM',
    items: [{ product_id: 'PROD-A', quantity: 400 }],
    priority: 3,
  },
});
