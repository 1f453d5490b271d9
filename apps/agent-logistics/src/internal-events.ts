import { defineInternalContract, entityId, text, timestamp } from '@signalbox/contracts';
import { z } from 'zod';
import { candidatesPerProductMax, itemsPerOrderMax, ordersPerMailMax, ordersPerPartMax } from './limits.js';
import { delayFacts, productOrder, shortage } from './state/parts.js';

/** Name of the agent: consumer group, schema and prefix of its topics. */
export const agentName = 'logistics';

const exampleFacts = {
  shipment_id: 'SHIP-XYZ-789',
  carrier: 'Global Freight',
  observed_at: '2026-04-05T11:15:00Z',
  original_eta: '2026-04-08T17:00:00Z',
  new_eta: '2026-04-10T17:00:00Z',
  reason: 'Port strike at Rotterdam',
};
const exampleOrder = {
  order_id: 'ORD-1001',
  customer_id: 'cust_12345',
  customer_name: 'Jane Doe',
  email: 'jane.doe@example.com',
  quantity: 20,
  promised_at: '2026-04-09T12:00:00Z',
};

/** One product of an order. */
export const productOrdered = defineInternalContract(agentName, {
  type: 'product.ordered',
  summary: 'An order holds the product.',
  schema: productOrder.extend({ product_id: entityId }),
  keyField: 'product_id',
  example: { product_id: 'PROD-A', ...exampleOrder },
});

/** One product of a registered shipment; quantity 0: it is no longer aboard. */
export const productBooked = defineInternalContract(agentName, {
  type: 'product.booked',
  summary: 'A shipment brings the product.',
  schema: z.object({
    product_id: entityId,
    shipment_id: entityId,
    warehouse: entityId,
    quantity: z.number().int().min(0),
    eta: timestamp,
  }),
  keyField: 'product_id',
  example: {
    product_id: 'PROD-A',
    shipment_id: 'SHIP-ABC-123',
    warehouse: 'WH-HAM',
    quantity: 200,
    eta: '2026-04-09T08:00:00Z',
  },
});

/** A late shipment asks one of its products what that means. */
export const productDelayed = defineInternalContract(agentName, {
  type: 'product.delayed',
  summary: 'A shipment with the product is late.',
  schema: z.object({
    product_id: entityId,
    facts: delayFacts,
    revision: z.number().int().min(0),
    warehouse: entityId.optional(),
    /** False: only the date moves, nobody waits for an answer. */
    act: z.boolean(),
  }),
  keyField: 'product_id',
  example: { product_id: 'PROD-A', facts: exampleFacts, revision: 1, warehouse: 'WH-HAM', act: true },
});

/** A product's answer: what runs short, whose orders are at risk, who else brings it. */
export const productAssessed = defineInternalContract(agentName, {
  type: 'product.assessed',
  summary: 'What a delay means for one product.',
  schema: z.object({
    shipment_id: entityId,
    product_id: entityId,
    revision: z.number().int().min(1),
    /** True: found later, from an order, a count or a shipment that came after the delay. */
    follow_up: z.boolean(),
    /** True for the last part of an answer. */
    last: z.boolean(),
    shortage: shortage.optional(),
    /** True: this shortage, or its date, was not told before. */
    news: z.boolean(),
    orders: z.array(productOrder).max(ordersPerPartMax),
    candidates: z.array(entityId).max(candidatesPerProductMax),
  }),
  keyField: 'shipment_id',
  example: {
    shipment_id: 'SHIP-XYZ-789',
    product_id: 'PROD-A',
    revision: 1,
    follow_up: false,
    last: true,
    shortage: {
      warehouse: 'WH-HAM',
      short_from: '2026-04-08T06:00:00Z',
      short_until: '2026-04-10T17:00:00Z',
      units_short: 74,
    },
    news: true,
    orders: [exampleOrder],
    candidates: ['SHIP-ABC-123'],
  },
});

const waitingOrder = z.object({
  order_id: entityId,
  items: z.array(z.object({ product_id: entityId, quantity: z.number().int().min(0) })).max(itemsPerOrderMax),
  items_more: z.number().int().min(0),
});
export type WaitingOrder = z.infer<typeof waitingOrder>;

/** A customer's orders wait for late goods. Keyed by shipment and customer, which decides whether a mail is due. */
export const customerAffected = defineInternalContract(agentName, {
  type: 'customer.affected',
  summary: 'A customer waits for late goods.',
  schema: z.object({
    notice_id: text(64),
    customer_id: entityId,
    customer_name: text(255),
    email: productOrder.shape.email,
    facts: delayFacts,
    orders: z.array(waitingOrder).min(1).max(ordersPerMailMax),
    orders_more: z.number().int().min(0),
  }),
  keyField: 'notice_id',
  example: {
    notice_id: 'f7f9c0f9c2b1bb6d6be2a3a1c2f9a4f2f8f0d1f04b43e3a9b9f3b2f0a6a1d1c0',
    customer_id: 'cust_12345',
    customer_name: 'Jane Doe',
    email: 'jane.doe@example.com',
    facts: exampleFacts,
    orders: [{ order_id: 'ORD-1001', items: [{ product_id: 'PROD-A', quantity: 20 }], items_more: 0 }],
    orders_more: 0,
  },
});

/** Another shipment could lessen a shortage. */
export const shipmentWanted = defineInternalContract(agentName, {
  type: 'shipment.wanted',
  summary: 'A shipment is wanted earlier because another is late.',
  schema: z.object({
    shipment_id: entityId,
    because_of: delayFacts,
    products: z
      .array(z.object({ product_id: entityId, short_from: timestamp }))
      .min(1)
      .max(20),
  }),
  keyField: 'shipment_id',
  example: {
    shipment_id: 'SHIP-ABC-123',
    because_of: exampleFacts,
    products: [{ product_id: 'PROD-A', short_from: '2026-04-08T06:00:00Z' }],
  },
});

export const internalContracts = [
  productOrdered,
  productBooked,
  productDelayed,
  productAssessed,
  customerAffected,
  shipmentWanted,
] as const;
