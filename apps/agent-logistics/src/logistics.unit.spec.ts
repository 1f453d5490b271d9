import {
  emailRequested,
  notificationRequested,
  routesRanked,
  shipmentReprioritized,
  shortagePredicted,
} from '@signalbox/contracts';
import type { Story, TestEvent } from '@signalbox/test-kit';
import { delay, order, play, registered, stock } from '../test/agent.js';
import { shipmentState } from './state/shipment.state.js';

// SHIP-ABC-123 brings 200 of PROD-A on 9 April: after the stock is gone (8 April), before the late goods (10 April).
const helper = () =>
  registered({
    shipment_id: 'SHIP-ABC-123',
    via: [],
    departs_at: '2026-03-08T06:00:00Z',
    eta: '2026-04-09T08:00:00Z',
    items: [{ product_id: 'PROD-A', quantity: 200 }],
  });
const laterDelay = () => delay({ timestamp: '2026-04-06T09:00:00Z', new_eta: '2026-04-12T17:00:00Z' });
const mails = (story: Story) => story.emitted(emailRequested);
const messages = (story: Story) => story.emitted(notificationRequested);
const shortages = (story: Story) => story.emitted(shortagePredicted);

describe('a registered shipment with known orders and stock is late', () => {
  const story = play(registered(), helper(), order(), stock(), delay());

  it('ranks other ways', () => {
    expect(story.emitted(routesRanked)).toMatchObject([
      { shipment_id: 'SHIP-XYZ-789', closed_ports: ['NLRTM'] },
    ]);
    expect(story.emitted(routesRanked)[0]?.routes[0]?.ports).toEqual(['CNSHA', 'BEANR', 'DEHAM']);
  });

  it('predicts the shortage until the other shipment comes', () => {
    // Empty 8 April 06:00 (90 / 30 a day); the 200 units of 9 April 08:00 last: 26 hours x 30 / 24 = 32.5.
    expect(shortages(story)).toEqual([
      {
        product_id: 'PROD-A',
        warehouse: 'WH-HAM',
        shipment_id: 'SHIP-XYZ-789',
        short_from: '2026-04-08T06:00:00Z',
        short_until: '2026-04-09T08:00:00Z',
        units_short: 33,
      },
    ]);
  });

  it('moves the other shipment up', () => {
    expect(story.emitted(shipmentReprioritized)).toEqual([
      {
        shipment_id: 'SHIP-ABC-123',
        from_priority: 3,
        to_priority: 1,
        because_of: 'SHIP-XYZ-789',
        reason:
          'Carries 200 units of PROD-A, short from 2026-04-08: shipment SHIP-XYZ-789 with these goods is late and due only on 2026-04-10.',
      },
    ]);
    expect(story.state(shipmentState, 'SHIP-ABC-123')?.booking?.priority).toBe(1);
  });

  it('tells inventory and sales once each', () => {
    expect(messages(story).map(({ audience, severity }) => [audience, severity])).toEqual([
      ['inventory', 'high'],
      ['sales', 'high'],
    ]);
    const [inventory, sales] = messages(story);
    expect(inventory?.title).toBe('Shipment SHIP-XYZ-789 is 2 days late, now due 2026-04-10 17:00 UTC');
    expect(inventory?.body_text).toContain('Port strike at Rotterdam');
    expect(inventory?.body_text).toContain(
      '1. Shanghai – Antwerp – Hamburg: 29.5 days, 2400 USD a container',
    );
    expect(inventory?.body_text).toContain('SHIP-ABC-123');
    expect(sales?.body_text).toContain('Shortage: PROD-A in WH-HAM from 2026-04-08 06:00 UTC');
    expect(sales?.body_text).not.toContain('Shanghai –');
  });

  it('mails the customer: the other shipment comes four hours before the promise, too late to be sent on', () => {
    expect(mails(story)).toHaveLength(1);
  });
});

describe('customers', () => {
  it('get the new date, the reason and an apology when the promise falls into the shortage', () => {
    const [mail, ...others] = mails(play(registered(), order(), stock(), delay()));
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      recipient_id: 'cust_12345',
      to: 'jane.doe@example.com',
      subject: 'Your order ORD-1001 is late: now expected 10 April 2026',
      purpose: 'shipping_delay',
    });
    expect(mail?.body_text).toContain('Dear Jane Doe,');
    expect(mail?.body_text).toContain('order ORD-1001: 20 x PROD-A');
    expect(mail?.body_text).toContain('now expected on Friday, 10 April 2026');
    expect(mail?.body_text).toContain('a strike at the port of Rotterdam');
    expect(mail?.body_text).toMatch(/sorry/);
  });

  it('get one mail over all their orders and products', () => {
    const both = [
      { product_id: 'PROD-A', quantity: 2 },
      { product_id: 'PROD-B', quantity: 3 },
      { product_id: 'PROD-Z', quantity: 9 },
    ];
    const story = play(registered(), order({ items: both }), order({ order_id: 'ORD-1002' }), delay());
    expect(mails(story)).toHaveLength(1);
    const text = mails(story)[0]?.body_text;
    expect(text).toContain('order ORD-1001: 2 x PROD-A and 3 x PROD-B');
    expect(text).toContain('order ORD-1002: 20 x PROD-A');
    expect(text).not.toContain('PROD-Z');
  });

  it('get no mail when stock lasts, when promised after the new date, or without an affected product', () => {
    const story = play(
      registered(),
      stock({ on_hand: 500 }),
      order({ customer_id: 'a', order_id: 'A' }),
      order({
        customer_id: 'b',
        order_id: 'B',
        promised_at: '2026-04-10T17:00:00Z',
        items: [{ product_id: 'PROD-B', quantity: 1 }],
      }),
      order({ customer_id: 'c', order_id: 'C', items: [{ product_id: 'PROD-C', quantity: 1 }] }),
      delay(),
    );
    expect(mails(story)).toEqual([]);
    expect(messages(story)).toHaveLength(2);
  });

  it('are told of each new date once, and of the same report sent another way not again', () => {
    const story = play(registered(), order(), stock(), delay(), delay(), laterDelay(), laterDelay());
    expect(mails(story).map((mail) => mail.subject)).toEqual([
      'Your order ORD-1001 is late: now expected 10 April 2026',
      'Your order ORD-1001: the date has changed, now expected 12 April 2026',
    ]);
    expect(shortages(story).map((short) => short.short_until)).toEqual([
      '2026-04-10T17:00:00Z',
      '2026-04-12T17:00:00Z',
    ]);
    expect(messages(story)).toHaveLength(4);
  });

  it('an older report that comes after a newer one changes nothing', () => {
    const story = play(registered(), order(), stock(), laterDelay(), delay());
    expect(mails(story)).toHaveLength(1);
    expect(story.notes.at(-1)).toBe('A later report on SHIP-XYZ-789 is known.');
  });

  it('two late shipments are two matters', () => {
    const other = registered({ shipment_id: 'SHIP-2', items: [{ product_id: 'PROD-A', quantity: 50 }] });
    const story = play(registered(), other, order(), stock(), delay(), delay({ shipment_id: 'SHIP-2' }));
    expect(mails(story)).toHaveLength(2);
  });
});

describe('events that come after the delay', () => {
  it('an order is told at once', () => {
    const story = play(registered(), stock(), delay());
    expect(mails(story)).toEqual([]);
    story.publish(order() as TestEvent);
    expect(mails(story)).toHaveLength(1);
    expect(messages(story)).toHaveLength(2);
    story.publish(order({ order_id: 'ORD-1002' }) as TestEvent);
    expect(mails(story)).toHaveLength(1);
  });

  it('a stock count brings the shortage, its customers and an update for people', () => {
    const story = play(registered(), helper(), delay());
    expect(shortages(story)).toEqual([]);
    story.publish(stock() as TestEvent);
    expect(shortages(story)).toHaveLength(1);
    expect(story.emitted(shipmentReprioritized)).toHaveLength(1);
    expect(messages(story).map((one) => one.title.slice(0, 6))).toEqual([
      'Shipme',
      'Shipme',
      'Update',
      'Update',
    ]);
    story.publish(stock({ on_hand: 88, counted_at: '2026-04-05T07:00:00Z' }) as TestEvent);
    expect(shortages(story)).toHaveLength(1);
    expect(messages(story)).toHaveLength(4);
  });

  it('the registration brings routes and shortage, and no second mail', () => {
    const story = play(order(), delay());
    expect(mails(story)).toHaveLength(1);
    expect(story.emitted(routesRanked)).toEqual([]);
    story.publish(stock({ warehouse: 'WH-OTHER', on_hand: 9_000 }) as TestEvent);
    story.publish(stock() as TestEvent);
    expect(shortages(story)).toEqual([]);
    story.publish(registered() as TestEvent);
    expect(story.emitted(routesRanked)).toHaveLength(1);
    expect(shortages(story)).toMatchObject([{ warehouse: 'WH-HAM', units_short: 74 }]);
    expect(mails(story)).toHaveLength(1);
    expect(messages(story)).toHaveLength(4);
  });

  it('a shipment that could help is moved up when it is registered later', () => {
    const story = play(registered(), stock(), delay());
    expect(story.emitted(shipmentReprioritized)).toEqual([]);
    story.publish(helper() as TestEvent);
    expect(story.emitted(shipmentReprioritized)).toHaveLength(1);
    story.publish(helper() as TestEvent);
    expect(story.emitted(shipmentReprioritized)).toHaveLength(1);
  });
});

describe('an unknown shipment', () => {
  it('people are told what is known, customers with orders of its products get their mail', () => {
    const story = play(order(), delay());
    expect(story.emitted(routesRanked)).toEqual([]);
    expect(messages(story).map((one) => one.audience)).toEqual(['inventory', 'sales']);
    expect(messages(story)[0]).toMatchObject({
      subject_id: 'SHIP-XYZ-789',
      severity: 'medium',
      channel: 'slack',
    });
    const body = messages(story)[0]?.body_text;
    expect(body).toContain('Carrier: Global Freight. Was due 2026-04-08 17:00 UTC.');
    expect(body).toContain('Products: PROD-A and PROD-B');
    expect(body).toContain('not registered');
    expect(mails(story)).toHaveLength(1);
  });

  it('without products and orders people are still told', () => {
    const story = play(delay({ affected_products: [] }));
    expect(messages(story)).toHaveLength(2);
    expect(messages(story)[1]?.body_text).toContain('No customer with an affected order is known.');
  });
});

describe('what is asked for', () => {
  it('no action asked: dates move, nobody is told', () => {
    const story = play(registered(), order(), stock(), delay({ proactive_action_needed: false }));
    expect(mails(story)).toEqual([]);
    expect(messages(story)).toEqual([]);
    expect(story.emitted(routesRanked)).toEqual([]);
    expect(story.state(shipmentState, 'SHIP-XYZ-789')?.delay?.facts.new_eta).toBe('2026-04-10T17:00:00Z');
  });

  it('earlier than planned: nobody is told', () => {
    expect(messages(play(registered(), delay({ new_eta: '2026-04-07T00:00:00Z' })))).toEqual([]);
  });

  it('no products named: those aboard count', () => {
    expect(shortages(play(registered(), stock(), delay({ affected_products: [] })))).toHaveLength(1);
  });
});
