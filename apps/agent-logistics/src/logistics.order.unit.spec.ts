import {
  emailRequested,
  notificationRequested,
  routesRanked,
  shipmentReprioritized,
  shortagePredicted,
} from '@signalbox/contracts';
import type { Story, TestEvent } from '@signalbox/test-kit';
import fc from 'fast-check';
import { Interleaving } from '../test/interleaving.js';
import { delay, newStory, order, play, registered, stock } from '../test/agent.js';
import { shipmentState } from './state/shipment.state.js';

const mails = (story: Story) => story.emitted(emailRequested);
const messages = (story: Story) => story.emitted(notificationRequested);
const shortages = (story: Story) => story.emitted(shortagePredicted);

describe('in whatever order the topics are read', () => {
  const outcome = (story: Story) => ({
    mails: mails(story)
      .map(({ recipient_id, to }) => [recipient_id, to])
      .sort(),
    shortage: shortages(story).at(-1),
    routes: story.emitted(routesRanked).length,
    reprioritized: story.emitted(shipmentReprioritized).map((one) => one.shipment_id),
    audiences: [...new Set(messages(story).map((one) => one.audience))],
    open: story.timers().length,
  });
  // A small helper: the shortage goes on until the late goods come, so the customer is affected with and without it.
  const events = (): TestEvent[] =>
    [
      registered(),
      registered({
        shipment_id: 'SHIP-ABC-123',
        eta: '2026-04-09T08:00:00Z',
        items: [{ product_id: 'PROD-A', quantity: 5 }],
      }),
      order(),
      order({ order_id: 'ORD-1002', items: [{ product_id: 'PROD-A', quantity: 1 }] }),
      stock(),
      delay(),
    ] as TestEvent[];

  it('each customer has one mail, and the same shipment is moved up', () => {
    const expected = outcome(play(...events()));
    expect(expected.mails).toEqual([['cust_12345', 'jane.doe@example.com']]);
    expect(expected).toMatchObject({
      routes: 1,
      reprioritized: ['SHIP-ABC-123'],
      audiences: ['inventory', 'sales'],
      open: 0,
    });
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (places) => {
        const all = events();
        const story = newStory();
        for (const place of places) {
          story.publish(all[place] as TestEvent);
          expect(story.publish(all[place] as TestEvent)).toBe('duplicate');
        }
        const got = outcome(story);
        expect({ ...got, shortage: 0 }).toEqual({ ...expected, shortage: 0 });
        expect(got.shortage?.short_from).toBe(expected.shortage?.short_from);
      }),
      { numRuns: 25 },
    );
  });
});

describe('however the queues are interleaved', () => {
  // A second report comes while the first is worked on; orders, counts and bookings come in between.
  const events = (): TestEvent[] =>
    [
      registered(),
      registered({
        shipment_id: 'SHIP-ABC-123',
        eta: '2026-04-09T08:00:00Z',
        items: [{ product_id: 'PROD-A', quantity: 5 }],
      }),
      order({ items: ['PROD-A', 'PROD-B'].map((product_id) => ({ product_id, quantity: 2 })) }),
      order({ order_id: 'ORD-2', customer_id: 'cust_2' }),
      order({ order_id: 'ORD-3', customer_id: 'cust_2', promised_at: '2026-04-10T00:00:00Z' }),
      stock(),
      delay(),
      delay(),
      delay({
        timestamp: '2026-04-06T09:00:00Z',
        new_eta: '2026-04-12T17:00:00Z',
        affected_products: ['PROD-A'],
      }),
    ] as TestEvent[];

  it('nobody is mailed twice of a date, everybody of the last, and no question stays open', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const run = new Interleaving(events());
        run.run((queues) => (numbers.next().value as number) % queues);
        const told = run
          .dataOf(emailRequested)
          .map(({ recipient_id, subject }) => `${recipient_id} ${subject.split('expected ')[1]}`);
        expect(new Set(told).size).toBe(told.length);
        expect(told).toEqual(expect.arrayContaining(['cust_12345 12 April 2026', 'cust_2 12 April 2026']));
        expect(run.state(shipmentState, 'SHIP-XYZ-789')?.assessment).toBeUndefined();
        expect(run.dataOf(shipmentReprioritized).map((one) => one.shipment_id)).toEqual(['SHIP-ABC-123']);
        expect(run.dataOf(shortagePredicted).at(-1)).toMatchObject({
          short_from: '2026-04-08T06:00:00Z',
          short_until: '2026-04-12T17:00:00Z',
        });
        const audiences = run.dataOf(notificationRequested).filter((one) => one.title.includes('2026-04-12'));
        expect(new Set(audiences.map((one) => one.audience))).toEqual(new Set(['inventory', 'sales']));
      }),
      { numRuns: 60 },
    );
  });
});
