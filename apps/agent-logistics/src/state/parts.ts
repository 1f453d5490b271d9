import { emailAddress, entityId, text, timestamp } from '@signalbox/contracts';
import { z } from 'zod';

const units = z.number().int().min(0);

/** An order of one product, as far as deliveries care. */
export const productOrder = z.object({
  order_id: entityId,
  customer_id: entityId,
  customer_name: text(255),
  email: emailAddress,
  quantity: units,
  promised_at: timestamp,
});
export type ProductOrder = z.infer<typeof productOrder>;

/** When and how far a product runs short. */
export const shortage = z.object({
  warehouse: entityId,
  short_from: timestamp,
  short_until: timestamp,
  units_short: units,
});
export type Shortage = z.infer<typeof shortage>;

/** The facts of a delay that travel with every question about it. */
export const delayFacts = z.object({
  shipment_id: entityId,
  carrier: text(255),
  /** When monitoring saw it: the time the agent reckons from, not the time it reads the event. */
  observed_at: timestamp,
  original_eta: timestamp,
  new_eta: timestamp,
  reason: text(2_000),
});
export type DelayFacts = z.infer<typeof delayFacts>;
