import { defineState, type StateOf } from '@signalbox/agent-kit';
import { entityId, timestamp } from '@signalbox/contracts';
import { z } from 'zod';
import { delayFacts, productOrder, shortage } from './parts.js';

const count = z.object({
  warehouse: entityId,
  on_hand: z.number().int().min(0),
  daily_demand: z.number().min(0),
  counted_at: timestamp,
});
/** The last count of a product in one warehouse. */
export type StockCount = z.infer<typeof count>;

const inbound = z.object({
  shipment_id: entityId,
  warehouse: entityId,
  quantity: z.number().int().min(1),
  eta: timestamp,
});
/** A registered shipment that brings the product. */
export type Inbound = z.infer<typeof inbound>;

const late = z.object({
  facts: delayFacts,
  revision: z.number().int().min(1),
  /** Where the goods are for; missing while the shipment is not registered. */
  warehouse: entityId.optional(),
  /** The shortage told last. */
  told: shortage.optional(),
});
/** A late shipment with this product. */
export type Late = z.infer<typeof late>;

/** Key: product_id. Lists are bounded by `limits.ts`. */
export const productState = defineState({
  kind: 'product',
  schema: z.object({
    stock: z.array(count),
    orders: z.array(productOrder),
    inbound: z.array(inbound),
    late: z.array(late),
  }),
});
export type ProductState = StateOf<typeof productState>;

export const unknownProduct: ProductState = Object.freeze({ stock: [], orders: [], inbound: [], late: [] });
