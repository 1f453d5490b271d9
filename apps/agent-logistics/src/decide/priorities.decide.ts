import { emit, note, setState, type EmitOutput, type Output } from '@signalbox/agent-kit';
import { rfc3339Ms, shipmentReprioritized, type DataOf } from '@signalbox/contracts';
import { groupBy } from '../group.js';
import { shipmentWanted } from '../internal-events.js';
import { candidatesPerDelayMax } from '../limits.js';
import type { Network } from '../network/network.js';
import { readReason } from '../reason/disturbance.js';
import { addDays } from '../routes/position.js';
import type { DelayFacts } from '../state/parts.js';
import { currentEta, type Assessment, type Booking, type ShipmentState } from '../state/shipment.state.js';
import { dayOf, listText, oneLine } from '../texts/dates.js';
import { quickestDays } from './routes.decide.js';

/** The priority of what lessens a shortage: served first. */
export const topPriority = 1;
/** Products of one shipment that are looked at. */
const productsPerWishMax = 20;
/** Products named in a reason. */
const productsNamedMax = 4;

/** Asks each shipment that carries short products to come earlier; at most 100 shipments, in the order found. */
export function wantEarlier(candidates: Assessment['candidates'], facts: DelayFacts): EmitOutput[] {
  return [...groupBy(candidates, (one) => one.shipment_id)]
    .slice(0, candidatesPerDelayMax)
    .map(([shipmentId, rows]) =>
      emit(shipmentWanted, {
        shipment_id: shipmentId,
        because_of: facts,
        products: rows
          .slice(0, productsPerWishMax)
          .map(({ product_id, short_from }) => ({ product_id, short_from })),
      }),
    );
}

/** Decides on `shipment.wanted`: moves the shipment to priority 1 when that can bring the goods before the late ones. */
export function decideWanted(
  state: ShipmentState | undefined,
  data: DataOf<typeof shipmentWanted>,
  network: Network,
): Output<ShipmentState>[] {
  const booking = state?.booking;
  if (!state || !booking) return [note(`Shipment ${data.shipment_id} is not registered.`)];
  if (booking.priority <= topPriority) return [note(`Shipment ${data.shipment_id} is already served first.`)];
  const aboard = data.products.filter((one) =>
    booking.items.some((item) => item.product_id === one.product_id),
  );
  if (aboard.length === 0) return [note(`Shipment ${data.shipment_id} no longer carries the products.`)];
  if (!canArriveBefore(state, booking, data.because_of, network)) {
    return [note(`Shipment ${data.shipment_id} cannot arrive before ${data.because_of.shipment_id}.`)];
  }
  return [
    setState({ ...state, booking: { ...booking, priority: topPriority } }),
    emit(shipmentReprioritized, {
      shipment_id: data.shipment_id,
      from_priority: booking.priority,
      to_priority: topPriority,
      because_of: data.because_of.shipment_id,
      reason: reasonText(booking, aboard, data.because_of),
    }),
  ];
}

/** Due before the late goods, or not yet gone and able to make it by the quickest way. */
function canArriveBefore(
  state: ShipmentState,
  booking: Booking,
  late: DelayFacts,
  network: Network,
): boolean {
  const wantedByMs = rfc3339Ms(late.new_eta);
  if (rfc3339Ms(currentEta(state) ?? booking.eta) < wantedByMs) return true;
  const departsAtMs = rfc3339Ms(booking.departs_at);
  if (departsAtMs <= rfc3339Ms(late.observed_at)) return false;
  const days = quickestDays(booking.origin, booking.destination, readReason(late.reason, network), network);
  return days !== undefined && addDays(departsAtMs, days) < wantedByMs;
}

function reasonText(
  booking: Booking,
  products: DataOf<typeof shipmentWanted>['products'],
  late: DelayFacts,
): string {
  const carried = products.slice(0, productsNamedMax).map(({ product_id, short_from }) => {
    const quantity = booking.items.find((item) => item.product_id === product_id)?.quantity ?? 0;
    return `${quantity} units of ${oneLine(product_id, 255)}, short from ${dayOf(short_from)}`;
  });
  const more = products.length - carried.length;
  const all = listText([...carried, ...(more > 0 ? [`${more} more short products`] : [])]);
  return `Carries ${all}: shipment ${late.shipment_id} with these goods is late and due only on ${dayOf(late.new_eta)}.`;
}
