import { emit, note, setState, type EmitOutput, type Output } from '@signalbox/agent-kit';
import { emailRequested, rfc3339Ms, type DataOf } from '@signalbox/contracts';
import { groupBy } from '../group.js';
import { customerAffected, type WaitingOrder } from '../internal-events.js';
import { handlingMs, itemsPerOrderMax, ordersPerMailMax, toldEtasMax } from '../limits.js';
import type { Network } from '../network/network.js';
import { noticeId, type NoticeState } from '../state/notice.state.js';
import type { DelayFacts, ProductOrder, Shortage } from '../state/parts.js';
import type { AffectedOrder } from '../state/shipment.state.js';
import { delayMail } from '../texts/mail.text.js';
import type { Supply } from './shortage.decide.js';

/**
 * The orders of a product whose promise a delay breaks, the first promised first.
 * With a stock count: those promised while the product is short, and those the stock and the arrivals until then do
 * not cover; an arrival counts a day later, when it has been unloaded and sent. Without a count: those promised between
 * the time the delay was seen and the new date.
 */
export function ordersAtRisk(
  orders: readonly ProductOrder[],
  facts: DelayFacts,
  supply: Supply | undefined,
  shortage: Shortage | undefined,
): ProductOrder[] {
  const sorted = orders
    .filter((order) => rfc3339Ms(order.promised_at) < rfc3339Ms(facts.new_eta))
    .sort(
      (a, b) => rfc3339Ms(a.promised_at) - rfc3339Ms(b.promised_at) || (a.order_id < b.order_id ? -1 : 1),
    );
  if (!supply) return sorted.filter((order) => rfc3339Ms(order.promised_at) >= rfc3339Ms(facts.observed_at));
  const uncovered = ordersNotCovered(sorted, supply);
  return sorted.filter(
    (order) => uncovered.has(order.order_id) || (shortage && promisedWithin(order, shortage)),
  );
}

function promisedWithin(order: ProductOrder, shortage: Shortage): boolean {
  const promisedAtMs = rfc3339Ms(order.promised_at);
  return (
    promisedAtMs >= rfc3339Ms(shortage.short_from) &&
    promisedAtMs < rfc3339Ms(shortage.short_until) + handlingMs
  );
}

/** Orders promised after the count that do not fit into what is there by then, served in the order of their promises. */
function ordersNotCovered(sorted: readonly ProductOrder[], { count, arrivals }: Supply): ReadonlySet<string> {
  const uncovered = new Set<string>();
  let served = 0;
  for (const order of sorted) {
    const promisedAtMs = rfc3339Ms(order.promised_at);
    if (promisedAtMs < rfc3339Ms(count.counted_at)) continue;
    const arrived = arrivals.filter(({ atMs }) => atMs + handlingMs <= promisedAtMs);
    const available = arrived.reduce((sum, { quantity }) => sum + quantity, count.on_hand);
    if (served + order.quantity > available) uncovered.add(order.order_id);
    else served += order.quantity;
  }
  return uncovered;
}

/** One `customer.affected` per customer, naming all of the customer's orders among `orders`. */
export function tellCustomers(orders: readonly AffectedOrder[], facts: DelayFacts): EmitOutput[] {
  const byCustomer = groupBy(orders, (order) => order.customer_id);
  return [...byCustomer].map(([customerId, rows]) => {
    const named = waitingOrders(rows);
    const { customer_name, email } = rows.at(-1) as AffectedOrder;
    return emit(customerAffected, {
      notice_id: noticeId(facts.shipment_id, customerId),
      customer_id: customerId,
      customer_name,
      email,
      facts,
      orders: named.slice(0, ordersPerMailMax),
      orders_more: Math.max(0, named.length - ordersPerMailMax),
    });
  });
}

function waitingOrders(rows: readonly AffectedOrder[]): WaitingOrder[] {
  return [...groupBy(rows, (row) => row.order_id)].map(([orderId, lines]) => ({
    order_id: orderId,
    items: lines.slice(0, itemsPerOrderMax).map(({ product_id, quantity }) => ({ product_id, quantity })),
    items_more: Math.max(0, lines.length - itemsPerOrderMax),
  }));
}

/** Decides on `customer.affected`: one mail per customer, shipment and new date, however often it is asked for. */
export function decideNotice(
  state: NoticeState | undefined,
  data: DataOf<typeof customerAffected>,
  network: Network,
): Output<NoticeState>[] {
  const { shipment_id, new_eta } = data.facts;
  const told = state?.told_etas ?? [];
  if (told.includes(new_eta)) return [note(`Customer ${data.customer_id} already knows of ${new_eta}.`)];
  const mail = delayMail(data, told.length > 0, network);
  return [
    setState({
      shipment_id,
      customer_id: data.customer_id,
      told_etas: [...told, new_eta].slice(-toldEtasMax),
    }),
    emit(emailRequested, {
      recipient_id: data.customer_id,
      to: data.email,
      subject: mail.subject,
      body_text: mail.body,
      purpose: 'shipping_delay',
    }),
  ];
}
