import { emit, note, setState, type EmitOutput, type Output } from '@signalbox/agent-kit';
import { rfc3339Ms, shortagePredicted, type DataOf, type stockChanged } from '@signalbox/contracts';
import { lastByKey } from '../group.js';
import {
  productAssessed,
  type productBooked,
  type productDelayed,
  type productOrdered,
} from '../internal-events.js';
import {
  candidatesPerProductMax,
  deliveredAfterMs,
  inboundPerProductMax,
  latePerProductMax,
  ordersPerPartMax,
  ordersPerProductMax,
  warehousesPerProductMax,
} from '../limits.js';
import type { ProductOrder, Shortage } from '../state/parts.js';
import { unknownProduct, type Late, type ProductState } from '../state/product.state.js';
import { ordersAtRisk } from './customers.decide.js';
import { isNews, othersTo, predictShortage, supplyUntil } from './shortage.decide.js';

type State = ProductState | undefined;

/** What a delay means for the product with all that is known now. */
interface Finding {
  readonly shortage: Shortage | undefined;
  /** The shortage was not told before. */
  readonly news: boolean;
  readonly orders: readonly ProductOrder[];
  /** Other shipments of the product that arrive after it runs short: they could help if they came earlier. */
  readonly candidates: readonly string[];
}

/** An order with the product: kept, and its customer told when a known delay breaks the promise. */
export function decideOrdered(state: State, data: DataOf<typeof productOrdered>): Output<ProductState>[] {
  const { product_id, ...order } = data;
  const product = state ?? unknownProduct;
  const orders = keepLast([...product.orders, order], (one) => one.order_id, byPromise, ordersPerProductMax);
  const found = reviewLate(product_id, { ...product, orders }, (one) => one.order_id === order.order_id);
  return [setState(found.state), ...found.outputs];
}

/** A shipment that brings the product, or no longer does. */
export function decideBooked(state: State, data: DataOf<typeof productBooked>): Output<ProductState>[] {
  const { product_id, ...booked } = data;
  const product = state ?? unknownProduct;
  const others = product.inbound.filter((one) => one.shipment_id !== booked.shipment_id);
  const added = booked.quantity > 0 ? [booked] : [];
  const inbound = keepLast([...others, ...added], (one) => one.shipment_id, byEta, inboundPerProductMax);
  const found = reviewLate(product_id, { ...product, inbound }, undefined, booked.shipment_id);
  return [setState(found.state), ...found.outputs];
}

/** A stock count: the newest per warehouse counts; what is long past by its date is forgotten. */
export function decideStock(state: State, data: DataOf<typeof stockChanged>): Output<ProductState>[] {
  const { product_id, warehouse, on_hand, daily_demand, counted_at } = data;
  const product = state ?? unknownProduct;
  const countedAtMs = rfc3339Ms(counted_at);
  const before = product.stock.find((one) => one.warehouse === warehouse);
  if (before && rfc3339Ms(before.counted_at) > countedAtMs) {
    return [note(`A newer count of ${product_id} in ${warehouse} is known.`)];
  }
  const isRecent = (timestamp: string): boolean => rfc3339Ms(timestamp) >= countedAtMs - deliveredAfterMs;
  const counts = [...product.stock, { warehouse, on_hand, daily_demand, counted_at }];
  const after = {
    stock: keepLast(counts, (one) => one.warehouse, byCount, warehousesPerProductMax),
    orders: product.orders.filter((order) => isRecent(order.promised_at)),
    inbound: product.inbound.filter((one) => isRecent(one.eta)),
    late: product.late.filter((one) => rfc3339Ms(one.facts.new_eta) > countedAtMs),
  };
  const found = reviewLate(product_id, after);
  return [setState(found.state), ...found.outputs];
}

/** A late shipment's question: predicts the shortage and answers whose orders are at risk and who could help. */
export function decideDelayed(state: State, data: DataOf<typeof productDelayed>): Output<ProductState>[] {
  const { product_id, facts, revision, warehouse } = data;
  const product = state ?? unknownProduct;
  const known = product.late.find((one) => one.facts.shipment_id === facts.shipment_id);
  const moved = {
    ...product,
    inbound: product.inbound.map((one) =>
      one.shipment_id === facts.shipment_id ? { ...one, eta: facts.new_eta } : one,
    ),
    late: product.late.filter((one) => one !== known),
  };
  const others = reviewLate(product_id, moved);
  if (!data.act) return [setState(others.state), ...others.outputs];
  const told = known?.facts.new_eta === facts.new_eta ? known.told : undefined;
  const late: Late = { facts, revision, ...(warehouse === undefined ? {} : { warehouse }) };
  const found = assess(moved, late, told);
  const kept = withTold(late, found.shortage && !found.news ? told : found.shortage);
  const all = keepLast(
    [...others.state.late, kept],
    (one) => one.facts.shipment_id,
    byNewEta,
    latePerProductMax,
  );
  return [
    setState({ ...moved, late: all }),
    ...(found.news && found.shortage ? [shortageEvent(product_id, late, found.shortage)] : []),
    ...answers(product_id, late, found, false),
    ...others.outputs,
  ];
}

function assess(product: ProductState, late: Late, told: Shortage | undefined): Finding {
  const supply = supplyUntil(product, late);
  const shortage = supply && predictShortage(supply, late.facts);
  const helpers = shortage ? othersTo(product, late, shortage.warehouse) : [];
  return {
    shortage,
    news: isNews(told, shortage),
    orders: ordersAtRisk(product.orders, late.facts, supply, shortage),
    candidates: helpers
      .filter((one) => rfc3339Ms(one.eta) > rfc3339Ms(shortage?.short_from ?? one.eta))
      .sort(byEta)
      .slice(0, candidatesPerProductMax)
      .map((one) => one.shipment_id),
  };
}

/**
 * Looks at the known delays again after something changed. Told on: a shortage that is news with all that belongs to
 * it; otherwise only the order or the shipment that is new.
 */
function reviewLate(
  productId: string,
  product: ProductState,
  isNewOrder: (order: ProductOrder) => boolean = () => false,
  newShipment?: string,
): { readonly state: ProductState; readonly outputs: readonly EmitOutput[] } {
  const outputs: EmitOutput[] = [];
  const late = product.late.map((one) => {
    const found = assess(product, one, one.told);
    const toTell = found.news
      ? found
      : {
          ...found,
          orders: found.orders.filter(isNewOrder),
          candidates: found.candidates.filter((shipment) => shipment === newShipment),
        };
    if (found.news && found.shortage) outputs.push(shortageEvent(productId, one, found.shortage));
    if (found.news || toTell.orders.length > 0 || toTell.candidates.length > 0) {
      outputs.push(...answers(productId, one, toTell, true));
    }
    return withTold(one, found.shortage && !found.news ? one.told : found.shortage);
  });
  return { state: { ...product, late }, outputs };
}

function withTold(late: Late, told: Shortage | undefined): Late {
  const { told: _before, ...rest } = late;
  return told === undefined ? rest : { ...rest, told };
}

const shortageEvent = (productId: string, late: Late, shortage: Shortage): EmitOutput =>
  emit(
    shortagePredicted,
    { product_id: productId, shipment_id: late.facts.shipment_id, ...shortage },
    { label: late.facts.shipment_id },
  );

/** The answer in parts of at most 200 orders, so that none comes near the size limit of a record. */
function answers(productId: string, late: Late, found: Finding, followUp: boolean): EmitOutput[] {
  const parts = Math.max(1, Math.ceil(found.orders.length / ordersPerPartMax));
  return Array.from({ length: parts }, (_, part) => {
    const last = part === parts - 1;
    return emit(
      productAssessed,
      {
        shipment_id: late.facts.shipment_id,
        product_id: productId,
        revision: late.revision,
        follow_up: followUp,
        last,
        ...(found.shortage ? { shortage: found.shortage } : {}),
        news: found.news,
        orders: found.orders.slice(part * ordersPerPartMax, (part + 1) * ordersPerPartMax),
        candidates: last ? [...found.candidates] : [],
      },
      { label: `part ${part + 1}` },
    );
  });
}

/** One value per key, the last said; of too many the first by the order are forgotten. */
function keepLast<T>(
  values: readonly T[],
  keyOf: (value: T) => string,
  order: (a: T, b: T) => number,
  max: number,
): T[] {
  const unique = lastByKey(values, keyOf);
  return unique.length <= max ? unique : unique.sort(order).slice(-max);
}

const byPromise = (a: ProductOrder, b: ProductOrder): number =>
  rfc3339Ms(a.promised_at) - rfc3339Ms(b.promised_at);
const byEta = (a: { eta: string; shipment_id: string }, b: { eta: string; shipment_id: string }): number =>
  rfc3339Ms(a.eta) - rfc3339Ms(b.eta) || (a.shipment_id < b.shipment_id ? -1 : 1);
const byCount = (a: { counted_at: string }, b: { counted_at: string }): number =>
  rfc3339Ms(a.counted_at) - rfc3339Ms(b.counted_at);
const byNewEta = (a: Late, b: Late): number => rfc3339Ms(a.facts.new_eta) - rfc3339Ms(b.facts.new_eta);
