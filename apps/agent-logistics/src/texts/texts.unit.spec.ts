import { network } from '../../test/agent.js';
import { customerAffected } from '../internal-events.js';
import { causeText } from './cause.text.js';
import { dateAndTime, dayOf, durationText, isoOf, listText, longDate, oneLine, shortDate } from './dates.js';
import { delayMail } from './mail.text.js';
import { notificationBody, notificationTitle, type Situation } from './notification.text.js';

const data = customerAffected.example;
const facts = data.facts;

describe('delayMail', () => {
  it('reads as a whole', () => {
    expect(delayMail(data, false, network)).toEqual({
      subject: 'Your order ORD-1001 is late: now expected 10 April 2026',
      body: [
        'Dear Jane Doe,',
        'we are sorry: goods for your order are held up on their way to us, so we cannot deliver as promised.',
        'This concerns\n  - order ORD-1001: 20 x PROD-A',
        'The goods are now expected on Friday, 10 April 2026. They were due on Wednesday, 8 April 2026.',
        'The cause is a strike at the port of Rotterdam.',
        'You need not do anything: we send your goods on as soon as they are here. If the new date does not suit you, reply to this mail, and we will find another way together.',
        'We are sorry for the trouble this gives you, and thank you for your patience.',
        'Your customer service',
      ].join('\n\n'),
    });
  });

  it('says so when the date changes again', () => {
    const mail = delayMail(data, true, network);
    expect(mail.subject).toBe('Your order ORD-1001: the date has changed, now expected 10 April 2026');
    expect(mail.body).toContain('we must correct the date we gave you for your order, and we apologise');
    expect(mail.body).toContain('The first plan was Wednesday, 8 April 2026.');
  });

  it('speaks of several orders, and of those it does not name', () => {
    const one = data.orders[0]!;
    const orders = [one, { ...one, order_id: 'ORD-2', items_more: 2 }];
    const mail = delayMail({ ...data, orders, orders_more: 1 }, false, network);
    expect(mail.subject).toMatch(/^Your orders are late: now/);
    expect(mail.body).toContain(
      '  - order ORD-2: 20 x PROD-A and 2 further products\n  - and 1 further order',
    );
  });

  it('says the hour when only that changed', () => {
    const sameDay = { ...facts, original_eta: '2026-04-10T08:00:00Z' };
    expect(delayMail({ ...data, facts: sameDay }, false, network).body).toContain(
      'Friday, 10 April 2026, 17:00 UTC.',
    );
  });

  it('lets no name break the subject or the lines', () => {
    const mail = delayMail(
      {
        ...data,
        customer_name: 'Jane\r\nBcc: all',
        orders: [{ ...data.orders[0]!, order_id: 'x'.repeat(255) }],
      },
      false,
      network,
    );
    expect(mail.body).toContain('Dear Jane Bcc: all,');
    expect(mail.subject.length).toBeLessThanOrEqual(255);
    expect(mail.subject).toContain('now expected 10 April 2026');
  });
});

describe('causeText', () => {
  it.each([
    ['Heavy congestion at Antwerp', 'The cause is congestion at the port of Antwerp.'],
    [
      'Storm at Hamburg and Bremerhaven',
      'The cause is severe weather at the ports of Bremerhaven and Hamburg.',
    ],
    ['Engine failure', 'The carrier gives this reason: “Engine failure”.'],
    ['Strike in\nthe United States', 'The carrier gives this reason: “Strike in the United States”.'],
  ])('%j', (reason, text) => expect(causeText(reason, network)).toBe(text));
});

describe('messages to people', () => {
  const situation: Situation = {
    facts,
    products: ['PROD-A', 'PROD-B'],
    booking: undefined,
    routes: undefined,
    assessment: { awaiting: [], shortages: [] },
    customers: 1,
    wanted: [],
    update: false,
  };
  const short = {
    product_id: 'P',
    warehouse: 'W',
    short_from: facts.original_eta,
    short_until: facts.new_eta,
    units_short: 1,
  };

  it('say in the title what is late, by how much and until when', () => {
    expect(notificationTitle(situation)).toBe(
      'Shipment SHIP-XYZ-789 is 2 days late, now due 2026-04-10 17:00 UTC',
    );
    expect(notificationTitle({ ...situation, update: true })).toMatch(/^Update: shipment SHIP-XYZ-789 is/);
  });

  it('tell sales what is known of an unknown shipment', () => {
    expect(notificationBody(situation, 'sales', network).split('\n')).toEqual([
      'Carrier: Global Freight. Was due 2026-04-08 17:00 UTC.',
      'Reason: Port strike at Rotterdam',
      'Products: PROD-A and PROD-B',
      'This shipment is not registered: its route, quantities and warehouse are unknown.',
      'No shortage is predicted from the stock counts at hand.',
      'Told by mail: 1 customer with affected orders.',
    ]);
  });

  it('stay within 3,000 characters and say how much more there is', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...short,
      product_id: `${'P'.repeat(250)}${index}`,
    }));
    const products = many.map((one) => one.product_id);
    const body = notificationBody(
      {
        ...situation,
        products,
        assessment: { awaiting: [], shortages: many },
        wanted: products,
        facts: { ...facts, reason: 'x'.repeat(2_000) },
      },
      'inventory',
      network,
    );
    expect(body.length).toBeLessThanOrEqual(3_000);
    expect(body).toContain('And shortages of 492 more products.');
    expect(body).toContain('and 492 more');
  });

  it('say that there is no other way, or that the ports are not known', () => {
    const booking = {
      carrier: 'c',
      origin: 'CNSHA',
      destination: 'XXAAA',
      via: [],
      departs_at: facts.observed_at,
      eta: facts.new_eta,
      warehouse: 'W',
      items: [],
      priority: 1,
    };
    const none = { shipment_id: 's', from: 'CNSHA', to: 'DEHAM', closed_ports: [], routes: [] };
    expect(notificationBody({ ...situation, booking }, 'inventory', network)).toContain(
      'not in the data set',
    );
    expect(notificationBody({ ...situation, booking, routes: none }, 'inventory', network)).toContain(
      'Other ways: none.',
    );
  });
});

describe('dates and lists', () => {
  it('are written in UTC', () => {
    expect(longDate('2026-04-11T01:00:00+02:00')).toBe('Friday, 10 April 2026');
    expect(shortDate('2026-12-31T23:59:59Z')).toBe('31 December 2026');
    expect(dateAndTime('2026-04-08T17:00:00.5Z')).toBe('2026-04-08 17:00 UTC');
    expect(dayOf('2026-04-08T23:30:00-01:00')).toBe('2026-04-09');
    expect(isoOf(Date.UTC(2026, 3, 8, 6))).toBe('2026-04-08T06:00:00Z');
  });

  it.each([
    [60_000, '1 hour'],
    [36 * 3_600_000, '36 hours'],
    [48 * 3_600_000, '2 days'],
    [61 * 3_600_000, '3 days'],
  ])('%d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it('join and cut', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listText)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect(oneLine(' a\n\tb ', 10)).toBe('a b');
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });
});
