import {
  emit,
  note,
  setState,
  setTimer,
  cancelTimer,
  type EmitOutput,
  type Output,
} from '@signalbox/agent-kit';
import {
  rfc3339Ms,
  routesRanked,
  type DataOf,
  type EventEnvelope,
  type shipmentRegistered,
  type shippingDelay,
} from '@signalbox/contracts';
import { productBooked, productDelayed } from '../internal-events.js';
import { assessmentMsMax, productsPerDelayMax } from '../limits.js';
import type { Network } from '../network/network.js';
import type { DelayFacts } from '../state/parts.js';
import { bookingOf, type KnownDelay, type ShipmentState } from '../state/shipment.state.js';
import { isoOf } from '../texts/dates.js';
import {
  assessmentTimer,
  closeAssessment,
  openAssessment,
  type DelayedShipment,
} from './assessment.decide.js';
import { rankRoutes } from './routes.decide.js';

/** What a decision may look at besides state and event. */
export interface Surroundings {
  readonly network: Network;
  readonly now: Date;
}

const unknownShipment: ShipmentState = Object.freeze({ revision: 0 });

/** Decides on `shipping_delay`. */
export function decideDelay(
  state: ShipmentState = unknownShipment,
  event: EventEnvelope<DataOf<typeof shippingDelay>>,
  around: Surroundings,
): Output<ShipmentState>[] {
  const facts = factsOf(event);
  const delay = delayAfter(state, event.data, facts);
  const before = state.delay?.facts;
  if (before && rfc3339Ms(before.observed_at) > rfc3339Ms(facts.observed_at)) {
    return [note(`A later report on ${facts.shipment_id} is known.`)];
  }
  if (before && isSameNews(state.delay, delay))
    return [note(`${facts.new_eta} is already known for ${facts.shipment_id}.`)];
  return delay.act ? workOn({ ...state, delay }, around) : keepDate({ ...state, delay });
}

/** Decides on `shipment.registered`, also when it comes after the delay or once more with other contents. */
export function decideRegistered(
  state: ShipmentState = unknownShipment,
  event: EventEnvelope<DataOf<typeof shipmentRegistered>>,
  around: Surroundings,
): Output<ShipmentState>[] {
  const booked = bookingOf(event.data);
  const priority = Math.min(booked.priority, state.booking?.priority ?? booked.priority);
  const shipment: ShipmentState = { ...state, booking: { ...booked, priority } };
  const bookings = bookedProducts(event.data.shipment_id, state, shipment);
  const { delay } = shipment;
  if (!delay?.act || state.booking) return [setState(shipment), ...bookings];
  const products = delay.products.length > 0 ? delay.products : booked.items.map((item) => item.product_id);
  return [...bookings, ...workOn({ ...shipment, delay: { ...delay, products } }, around)];
}

/** Ranks the ways, asks the products, and waits for their answers; without products people are told at once. */
function workOn(shipment: DelayedShipment, { network, now }: Surroundings): Output<ShipmentState>[] {
  const { facts, products } = shipment.delay;
  const next = { ...shipment, revision: shipment.revision + 1 };
  const routes = shipment.booking && rankRoutes(shipment.booking, facts, network);
  const ranked = routes ? [emit(routesRanked, routes)] : [];
  const assessment = openAssessment(products);
  if (products.length === 0) return [...ranked, ...closeAssessment(next, assessment, network)];
  return [
    setState({ ...next, assessment }),
    setTimer(assessmentTimer, new Date(now.getTime() + assessmentMsMax), next.revision),
    ...ranked,
    ...questions(next),
  ];
}

/** On time after all, or no action asked for: only the date moves, and an assessment under way ends unsaid. */
function keepDate(shipment: DelayedShipment): Output<ShipmentState>[] {
  const { assessment, ...rest } = shipment;
  return [
    setState(rest),
    ...(assessment ? [cancelTimer(assessmentTimer)] : []),
    ...questions(shipment),
    note(
      `${shipment.delay.facts.shipment_id} is expected ${shipment.delay.facts.new_eta}; nothing else is to be done.`,
    ),
  ];
}

function questions({ delay, revision, booking }: DelayedShipment): EmitOutput[] {
  const { facts, products, act } = delay;
  const destination = booking ? { warehouse: booking.warehouse } : {};
  return products.map((product_id) =>
    emit(productDelayed, { product_id, facts, revision, act, ...destination }),
  );
}

/** What each product must know of a booking; quantity 0 for products of an earlier booking that are gone. */
function bookedProducts(shipmentId: string, before: ShipmentState, after: ShipmentState): EmitOutput[] {
  const { booking, delay } = after;
  if (!booking) return [];
  const gone = (before.booking?.items ?? []).filter(
    (item) => !booking.items.some((one) => one.product_id === item.product_id),
  );
  return [...booking.items, ...gone.map((item) => ({ ...item, quantity: 0 }))].map(
    ({ product_id, quantity }) =>
      emit(productBooked, {
        product_id,
        shipment_id: shipmentId,
        warehouse: booking.warehouse,
        quantity,
        eta: delay?.facts.new_eta ?? booking.eta,
      }),
  );
}

function factsOf({ data, timestamp }: EventEnvelope<DataOf<typeof shippingDelay>>): DelayFacts {
  const utc = (time: string): string => isoOf(rfc3339Ms(time));
  return {
    shipment_id: data.shipment_id,
    carrier: data.carrier,
    observed_at: utc(data.timestamp ?? timestamp),
    original_eta: utc(data.original_eta),
    new_eta: utc(data.new_eta),
    reason: data.reason,
  };
}

function delayAfter(state: ShipmentState, data: DataOf<typeof shippingDelay>, facts: DelayFacts): KnownDelay {
  const aboard = state.booking?.items.map((item) => item.product_id) ?? [];
  const named = data.affected_products.length > 0 ? data.affected_products : aboard;
  const products = [...new Set([...named, ...(state.delay?.products ?? [])])].slice(0, productsPerDelayMax);
  const isLate = rfc3339Ms(facts.new_eta) > rfc3339Ms(facts.original_eta);
  return { facts, products, act: data.proactive_action_needed && isLate };
}

/** The same report again, perhaps by another way: nothing in it changes what was done. */
function isSameNews(known: KnownDelay | undefined, reported: KnownDelay): boolean {
  const tell = ({ facts, products, act }: KnownDelay): string =>
    JSON.stringify([facts.new_eta, facts.original_eta, facts.reason, [...products].sort(), act]);
  return known !== undefined && tell(known) === tell(reported);
}
