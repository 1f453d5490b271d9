import { emailRequested, type DataOf } from '@signalbox/contracts';
import { given } from '@signalbox/test-kit';
import { event } from '@signalbox/test-kit';
import { network } from '../../test/agent.js';
import { customerAffected } from '../internal-events.js';
import { noticeId, noticeState, type NoticeState } from '../state/notice.state.js';
import type { DelayFacts, ProductOrder } from '../state/parts.js';
import { decideNotice, ordersAtRisk, tellCustomers } from './customers.decide.js';

const facts: DelayFacts = {
  shipment_id: 'SHIP-XYZ-789',
  carrier: 'Global Freight',
  observed_at: '2026-04-05T11:15:00Z',
  original_eta: '2026-04-08T17:00:00Z',
  new_eta: '2026-04-10T17:00:00Z',
  reason: 'Port strike at Rotterdam',
};
const order = (order_id: string, promised_at: string, more: Partial<ProductOrder> = {}): ProductOrder => ({
  order_id,
  customer_id: `customer of ${order_id}`,
  customer_name: 'Jane Doe',
  email: 'jane.doe@example.com',
  quantity: 20,
  promised_at,
  ...more,
});
const idsOf = (orders: readonly ProductOrder[]): string[] => orders.map((one) => one.order_id);
const supply = (onHand: number, arrivals: { atMs: number; quantity: number }[] = []) => ({
  count: { warehouse: 'WH-HAM', on_hand: onHand, daily_demand: 30, counted_at: '2026-04-05T06:00:00Z' },
  arrivals,
});
const shortage = {
  warehouse: 'WH-HAM',
  short_from: '2026-04-08T06:00:00Z',
  short_until: '2026-04-10T17:00:00Z',
  units_short: 74,
};

describe('ordersAtRisk', () => {
  const orders = [
    order('E', '2026-04-10T17:00:00Z'),
    order('D', '2026-04-10T16:59:59Z'),
    order('C', '2026-04-08T06:00:00Z'),
    order('B', '2026-04-08T05:59:59Z'),
    order('A', '2026-04-05T11:14:59Z'),
  ];

  it('without a stock count: promised between the report and the new date, the first promised first', () => {
    expect(idsOf(ordersAtRisk(orders, facts, undefined, undefined))).toEqual(['B', 'C', 'D']);
  });

  it('with a shortage: promised while it lasts', () => {
    expect(idsOf(ordersAtRisk(orders, facts, supply(90), shortage))).toEqual(['C', 'D']);
  });

  it('with stock for all: none', () => {
    expect(ordersAtRisk(orders, facts, supply(500), undefined)).toEqual([]);
  });

  it('an arrival that ends the shortage helps orders promised a day later', () => {
    const relieved = { ...shortage, short_until: '2026-04-09T08:00:00Z' };
    const promised = [order('A', '2026-04-10T07:59:59Z'), order('B', '2026-04-10T08:00:00Z')];
    expect(idsOf(ordersAtRisk(promised, facts, supply(90), relieved))).toEqual(['A']);
  });

  it('orders larger than what is there are at risk, smaller ones behind them are still served', () => {
    const promised = [
      order('A', '2026-04-06T00:00:00Z', { quantity: 60 }),
      order('B', '2026-04-06T01:00:00Z', { quantity: 50 }),
      order('C', '2026-04-06T02:00:00Z', { quantity: 30 }),
      order('D', '2026-04-08T02:00:00Z', { quantity: 40 }),
    ];
    // 90 - 60 = 30: B (50) does not fit, C takes the rest. D needs 40: there from 7 April 02:00 plus a day on.
    const arrival = { atMs: Date.parse('2026-04-07T02:00:00Z'), quantity: 40 };
    expect(idsOf(ordersAtRisk(promised, facts, supply(90, [arrival]), undefined))).toEqual(['B']);
    expect(idsOf(ordersAtRisk(promised, facts, supply(90), undefined))).toEqual(['B', 'D']);
  });

  it('orders promised before the count are taken for delivered', () => {
    expect(
      ordersAtRisk([order('A', '2026-04-05T05:59:59Z', { quantity: 500 })], facts, supply(90), undefined),
    ).toEqual([]);
  });
});

describe('tellCustomers', () => {
  const row = (order_id: string, product_id: string, customer_id = 'cust_1') => ({
    ...order(order_id, '2026-04-09T00:00:00Z', { customer_id }),
    product_id,
  });
  const dataOf = (rows: Parameters<typeof tellCustomers>[0]) =>
    tellCustomers(rows, facts).map((output) => output.data as DataOf<typeof customerAffected>);

  it('gathers products by order and orders by customer', () => {
    const told = dataOf([row('A', 'P1'), row('B', 'P1', 'cust_2'), row('A', 'P2'), row('C', 'P1')]);
    expect(told.map((one) => [one.customer_id, one.orders.map((each) => each.order_id)])).toEqual([
      ['cust_1', ['A', 'C']],
      ['cust_2', ['B']],
    ]);
    expect(told[0]?.orders[0]?.items.map((item) => item.product_id)).toEqual(['P1', 'P2']);
    expect(told[0]?.notice_id).toBe(noticeId('SHIP-XYZ-789', 'cust_1'));
  });

  it('names 20 orders and 10 products of each, and says how many more there are', () => {
    const orders = Array.from({ length: 25 }, (_, index) => row(`O${index}`, 'P1'));
    const products = Array.from({ length: 12 }, (_, index) => row('O0', `Q${index}`));
    const [told] = dataOf([...orders, ...products]);
    expect(told?.orders).toHaveLength(20);
    expect(told?.orders_more).toBe(5);
    expect(told?.orders[0]?.items).toHaveLength(10);
    expect(told?.orders[0]?.items_more).toBe(3);
  });
});

describe('decideNotice', () => {
  const affected = { ...customerAffected.example, facts };
  const decide = ({
    state,
    event: { data },
  }: {
    state: NoticeState | undefined;
    event: { data: DataOf<typeof customerAffected> };
  }) => decideNotice(state, data, network);
  const told = (...told_etas: string[]): NoticeState => ({
    shipment_id: 'SHIP-XYZ-789',
    customer_id: 'cust_12345',
    told_etas,
  });

  it('mails the first time, and remembers the date told', () => {
    const decision = given<NoticeState | undefined>(undefined, noticeState)
      .when(event(customerAffected, affected))
      .with(decide);
    expect(decision.emitted(emailRequested)).toHaveLength(1);
    expect(decision.outputs).toContainEqual({ kind: 'set_state', state: told(facts.new_eta) });
  });

  it('does not mail the same date twice', () => {
    given(told(facts.new_eta), noticeState)
      .when(event(customerAffected, affected))
      .with(decide)
      .thenNothing();
  });

  it('mails another date as a change, and forgets the first of more than 50', () => {
    const many = Array.from({ length: 50 }, (_, index) => new Date(index * 86_400_000).toISOString());
    const decision = given(told(...many), noticeState)
      .when(event(customerAffected, affected))
      .with(decide);
    expect(decision.emitted(emailRequested)[0]?.subject).toBe(
      'Your order ORD-1001: the date has changed, now expected 10 April 2026',
    );
    expect(decision.outputs).toContainEqual({
      kind: 'set_state',
      state: told(...many.slice(1), facts.new_eta),
    });
  });
});

it('noticeId keeps pairs apart and fits a key', () => {
  expect(noticeId('a', 'bc')).not.toBe(noticeId('ab', 'c'));
  expect(noticeId('x'.repeat(255), 'y'.repeat(255))).toHaveLength(64);
});
