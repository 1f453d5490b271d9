import { emit, type EmitOutput } from '@signalbox/agent-kit';
import type { DataOf, orderPlaced } from '@signalbox/contracts';
import { productOrdered } from '../internal-events.js';

/** Decides on `order.placed`: tells each product of the order; lines of the same product are summed up. */
export function decideOrder(order: DataOf<typeof orderPlaced>): EmitOutput[] {
  const { order_id, customer_id, customer_name, email, promised_at } = order;
  const sums = new Map<string, number>();
  for (const { product_id, quantity } of order.items)
    sums.set(product_id, (sums.get(product_id) ?? 0) + quantity);
  return [...sums].map(([product_id, quantity]) =>
    emit(productOrdered, { product_id, order_id, customer_id, customer_name, email, quantity, promised_at }),
  );
}
