import { z } from 'zod';
import { defineContract } from '../contract.js';
import { emailAddress, entityId, text, timestamp } from '../fields.js';

/** Code of a port in the logistics data set, UN/LOCODE such as NLRTM. */
const port = z.string().regex(/^[A-Z]{2}[A-Z2-9]{3}$/, { message: 'must be a UN/LOCODE of five characters' });

/** A shipment was booked. */
export const shipmentRegistered = defineContract({
  type: 'shipment.registered',
  owner: 'logistics-planning',
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

/** A customer ordered products. */
export const orderPlaced = defineContract({
  type: 'order.placed',
  owner: 'shop',
  summary: 'A customer ordered products.',
  schema: z.looseObject({
    order_id: entityId,
    customer_id: entityId,
    customer_name: text(255),
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

/** The stock of a product changed. */
export const stockChanged = defineContract({
  type: 'stock.changed',
  owner: 'warehouse',
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

/** logistics ranked the ways a late shipment can still go. */
export const routesRanked = defineContract({
  type: 'routes.ranked',
  owner: 'logistics',
  summary: 'Alternative routes of a late shipment, best first.',
  schema: z.looseObject({
    shipment_id: entityId,
    from: port.describe('The last planned port the shipment left, or its origin before departure.'),
    to: port,
    closed_ports: z.array(port).describe("Ports the delay's reason closes, sorted."),
    routes: z
      .array(
        z.looseObject({
          rank: z.number().int().min(1),
          ports: z.array(port).min(2),
          modes: z
            .array(z.enum(['sea', 'rail', 'road']))
            .min(1)
            .describe('How each leg is travelled.'),
          days: z
            .number()
            .min(0)
            .describe('From the first port to the last, transfers and waiting included.'),
          cost_usd: z.number().min(0).describe('US dollars for one 40-foot container.'),
          eta: timestamp,
        }),
      )
      .max(20),
  }),
  keyField: 'shipment_id',
  example: {
    shipment_id: 'SHIP-XYZ-789',
    from: 'CNSHA',
    to: 'DEHAM',
    closed_ports: ['NLRTM'],
    routes: [
      {
        rank: 1,
        ports: ['CNSHA', 'BEANR', 'DEHAM'],
        modes: ['sea', 'sea'],
        days: 29.5,
        cost_usd: 2_400,
        eta: '2026-04-08T18:00:00Z',
      },
    ],
  },
});

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
