import { stockChanged, type DataOf } from '@signalbox/contracts';
import { event, given } from '@signalbox/test-kit';
import { productAssessed, productBooked, productDelayed, productOrdered } from '../internal-events.js';
import { productState, unknownProduct, type ProductState } from '../state/product.state.js';
import { decideBooked, decideDelayed, decideOrdered, decideStock } from './product.decide.js';

type Stock = DataOf<typeof stockChanged>;
const ordered = productOrdered.example;
const { product_id: _product, ...order } = ordered;
const booked = productBooked.example;
const { product_id: _same, ...inbound } = booked;
const known = (more: Partial<ProductState> = {}): ProductState => ({ ...unknownProduct, ...more });
const stateAfter = (outputs: readonly { kind: string }[]): ProductState => {
  const output = outputs.find(
    (one): one is { kind: 'set_state'; state: ProductState } => one.kind === 'set_state',
  );
  if (!output) throw new Error('no state was set');
  return output.state;
};
const onOrder = (state: ProductState, more: Partial<typeof ordered> = {}) =>
  given(state, productState)
    .when(event(productOrdered, { ...ordered, ...more }))
    .with((input) => decideOrdered(input.state, input.event.data));
const onBooking = (state: ProductState, more: Partial<typeof booked> = {}) =>
  given(state, productState)
    .when(event(productBooked, { ...booked, ...more }))
    .with((input) => decideBooked(input.state, input.event.data));
const onStock = (state: ProductState, more: Partial<Stock> = {}) =>
  given(state, productState)
    .when(event(stockChanged, { ...stockChanged.example, ...more }))
    .with((input) => decideStock(input.state, input.event.data));
const onDelay = (state: ProductState, more: Partial<typeof productDelayed.example> = {}) =>
  given(state, productState)
    .when(event(productDelayed, { ...productDelayed.example, ...more }))
    .with((input) => decideDelayed(input.state, input.event.data));

describe('orders', () => {
  it('are kept once each, the last word counting', () => {
    const first = stateAfter(onOrder(known()).outputs);
    expect(first.orders).toEqual([order]);
    expect(stateAfter(onOrder(first, { quantity: 7 }).outputs).orders).toEqual([{ ...order, quantity: 7 }]);
  });

  it('beyond 5,000 lose the one promised first', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      ...order,
      order_id: `O${index}`,
      promised_at: new Date(Date.UTC(2026, 4, 1) + index * 1_000).toISOString(),
    }));
    const after = stateAfter(onOrder(known({ orders: many })).outputs).orders;
    expect(after).toHaveLength(5_000);
    expect(after.some((one) => one.order_id === order.order_id)).toBe(false);
    const later = stateAfter(
      onOrder(known({ orders: many }), { promised_at: '2027-01-01T00:00:00Z' }).outputs,
    ).orders;
    expect(later).toHaveLength(5_000);
    expect(later.some((one) => one.order_id === 'O0')).toBe(false);
    expect(later.at(-1)?.order_id).toBe(order.order_id);
  });
});

describe('shipments', () => {
  it('are kept once each, and leave with quantity 0', () => {
    const first = stateAfter(onBooking(known()).outputs);
    expect(first.inbound).toEqual([inbound]);
    expect(stateAfter(onBooking(first, { quantity: 5 }).outputs).inbound).toEqual([
      { ...inbound, quantity: 5 },
    ]);
    expect(stateAfter(onBooking(first, { quantity: 0 }).outputs).inbound).toEqual([]);
  });

  it('beyond 500 lose the one that arrives first', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...inbound,
      shipment_id: `S${index}`,
      eta: '2026-05-01T00:00:00Z',
    }));
    const after = stateAfter(onBooking(known({ inbound: many })).outputs).inbound;
    expect(after).toHaveLength(500);
    expect(after.some((one) => one.shipment_id === inbound.shipment_id)).toBe(false);
  });
});

describe('stock counts', () => {
  it('replace the older one of their warehouse, never the newer', () => {
    const first = stateAfter(onStock(known()).outputs);
    expect(first.stock).toHaveLength(1);
    expect(stateAfter(onStock(first, { warehouse: 'WH-LEJ' }).outputs).stock).toHaveLength(2);
    onStock(first, { counted_at: '2026-04-05T05:59:59Z', on_hand: 1 }).thenNothing();
    expect(
      stateAfter(onStock(first, { counted_at: '2026-04-05T08:00:00+02:00', on_hand: 1 }).outputs).stock,
    ).toMatchObject([{ on_hand: 1 }]);
  });

  it('forget what is past: orders and arrivals after 30 days, delays once the goods are there', () => {
    const late = { facts: productDelayed.example.facts, revision: 1 };
    const state = known({ orders: [order], inbound: [inbound], late: [late] });
    expect(stateAfter(onStock(state, { counted_at: '2026-04-10T16:59:59Z' }).outputs).late).toHaveLength(1);
    const after = stateAfter(onStock(state, { counted_at: '2026-04-10T17:00:00Z' }).outputs);
    expect(after).toMatchObject({ late: [], orders: [order], inbound: [inbound] });
    expect(stateAfter(onStock(state, { counted_at: '2026-05-10T00:00:00Z' }).outputs)).toMatchObject({
      orders: [],
      inbound: [],
    });
  });
});

describe('a delay', () => {
  it('of an unknown product is answered, with nothing', () => {
    expect(onDelay(known()).emitted(productAssessed)).toEqual([
      {
        shipment_id: 'SHIP-XYZ-789',
        product_id: 'PROD-A',
        revision: 1,
        follow_up: false,
        last: true,
        news: false,
        orders: [],
        candidates: [],
      },
    ]);
  });

  it('moves the date of the shipment', () => {
    const state = known({ inbound: [inbound, { ...inbound, shipment_id: 'SHIP-XYZ-789' }] });
    expect(stateAfter(onDelay(state).outputs).inbound.map((one) => one.eta)).toEqual([
      inbound.eta,
      '2026-04-10T17:00:00Z',
    ]);
    const quiet = onDelay(state, { act: false });
    expect(stateAfter(quiet.outputs).inbound[1]?.eta).toBe('2026-04-10T17:00:00Z');
    expect(quiet.emitted(productAssessed)).toEqual([]);
  });

  it('is answered in parts of 200 orders, the last one marked', () => {
    const many = Array.from({ length: 450 }, (_, index) => ({ ...order, order_id: `O${index}` }));
    const parts = onDelay(known({ orders: many })).emitted(productAssessed);
    expect(parts.map((part) => [part.orders.length, part.last])).toEqual([
      [200, false],
      [200, false],
      [50, true],
    ]);
  });

  it('of the same shipment again replaces the one before; more than 100 lose the one due first', () => {
    const first = stateAfter(onDelay(known()).outputs);
    expect(stateAfter(onDelay(first, { revision: 2 }).outputs).late).toMatchObject([{ revision: 2 }]);
    const facts = productDelayed.example.facts;
    const many = Array.from({ length: 100 }, (_, index) => ({
      facts: { ...facts, shipment_id: `S${index}`, new_eta: '2026-06-01T00:00:00Z' },
      revision: 1,
    }));
    expect(stateAfter(onDelay(known({ late: many })).outputs).late).toHaveLength(100);
  });

  it('of the helper makes the shortage of the other worse: told anew', () => {
    const counted = stateAfter(onStock(known()).outputs);
    const helped = stateAfter(onBooking(counted, { eta: '2026-04-08T00:00:00Z' }).outputs);
    const calm = onDelay(helped);
    expect(calm.emitted(productAssessed)[0]?.shortage).toBeUndefined();
    const facts = {
      ...productDelayed.example.facts,
      shipment_id: 'SHIP-ABC-123',
      new_eta: '2026-04-20T00:00:00Z',
    };
    const answers = onDelay(stateAfter(calm.outputs), { facts }).emitted(productAssessed);
    expect(answers.map((one) => [one.shipment_id, one.follow_up, one.news])).toEqual([
      ['SHIP-ABC-123', false, true],
      ['SHIP-XYZ-789', true, true],
    ]);
  });
});
