import { defineState, type StateOf } from '@signalbox/agent-kit';
import { entityId, shipmentRegistered, timestamp } from '@signalbox/contracts';
import { z } from 'zod';
import { delayFacts, productOrder, shortage } from './parts.js';

const booking = z.object({
  carrier: z.string(),
  origin: z.string(),
  destination: z.string(),
  via: z.array(z.string()),
  departs_at: timestamp,
  /** As booked; a delay's new date goes before it. */
  eta: timestamp,
  warehouse: entityId,
  items: z.array(z.object({ product_id: entityId, quantity: z.number().int().min(1) })),
  priority: z.number().int().min(1).max(5),
});
/** What is known of a shipment from `shipment.registered`. */
export type Booking = z.infer<typeof booking>;

/** The booking in an event, without fields we do not know; a product in several lines is summed up. */
export function bookingOf(data: z.infer<(typeof shipmentRegistered)['schema']>): Booking {
  const sums = new Map<string, number>();
  for (const { product_id: id, quantity } of data.items) sums.set(id, (sums.get(id) ?? 0) + quantity);
  const items = [...sums].map(([product_id, quantity]) => ({ product_id, quantity }));
  return booking.parse({ ...data, items });
}

const knownDelay = z.object({
  facts: delayFacts,
  /** All products ever named for this shipment's delays, or aboard when none was named. */
  products: z.array(entityId),
  /** False: the sender asked for no action. */
  act: z.boolean(),
});
export type KnownDelay = z.infer<typeof knownDelay>;

const affectedOrder = productOrder.extend({ product_id: entityId });
export type AffectedOrder = z.infer<typeof affectedOrder>;

const assessment = z.object({
  /** Products that have not answered yet, or not with all parts. */
  awaiting: z.array(entityId),
  shortages: z.array(shortage.extend({ product_id: entityId })),
  orders: z.array(affectedOrder),
  /** Other shipments that carry short products. */
  candidates: z.array(z.object({ shipment_id: entityId, product_id: entityId, short_from: timestamp })),
  /** Customers whose mails were let go before the end. */
  customers_told: z.number().int().min(0),
});
/** The answers of the products to one delay, while they come in. */
export type Assessment = z.infer<typeof assessment>;

/** Key: shipment_id. */
export const shipmentState = defineState({
  kind: 'shipment',
  schema: z.object({
    booking: booking.optional(),
    delay: knownDelay.optional(),
    /** Grows with each delay that is worked on: tells answers to this question from those to an older one. */
    revision: z.number().int().min(0),
    assessment: assessment.optional(),
  }),
});
export type ShipmentState = StateOf<typeof shipmentState>;

/** The date the shipment is expected now; undefined when nothing is known of it. */
export const currentEta = (state: ShipmentState): string | undefined =>
  state.delay?.facts.new_eta ?? state.booking?.eta;
