import fc from 'fast-check';
import type { DelayFacts } from '../state/parts.js';
import { unknownProduct, type Late, type ProductState } from '../state/product.state.js';
import { isNews, predictShortage, supplyUntil } from './shortage.decide.js';

const facts: DelayFacts = {
  shipment_id: 'SHIP-XYZ-789',
  carrier: 'Global Freight',
  observed_at: '2026-04-05T11:15:00Z',
  original_eta: '2026-04-08T17:00:00Z',
  new_eta: '2026-04-10T17:00:00Z',
  reason: 'Port strike at Rotterdam',
};
const late: Late = { facts, revision: 1, warehouse: 'WH-HAM' };
const count = { warehouse: 'WH-HAM', on_hand: 90, daily_demand: 30, counted_at: '2026-04-05T06:00:00Z' };
const inbound = (eta: string, quantity: number, more: object = {}) => ({
  shipment_id: `SHIP-${eta}`,
  warehouse: 'WH-HAM',
  quantity,
  eta,
  ...more,
});
const product = (more: Partial<ProductState>): ProductState => ({
  ...unknownProduct,
  stock: [count],
  ...more,
});
const predict = (state: ProductState, about: Late = late) => {
  const supply = supplyUntil(state, about);
  return supply && predictShortage(supply, about.facts);
};

describe('predictShortage', () => {
  it('the worked example: 90 on hand, 30 a day, goods two days late', () => {
    // Counted 5 April 06:00; 90 / 30 = 3 days: empty on 8 April 06:00. The goods come on 10 April 17:00, 2 days and 11
    // hours later: 59 / 24 x 30 = 73.75, so 74 units are missing.
    expect(predict(product({}))).toEqual({
      warehouse: 'WH-HAM',
      short_from: '2026-04-08T06:00:00Z',
      short_until: '2026-04-10T17:00:00Z',
      units_short: 74,
    });
  });

  it('an arrival before the stock is empty puts the date off', () => {
    // 90 + 30 = 120 units last 4 days: empty on 9 April 06:00; 35 hours x 30 / 24 = 43.75.
    expect(predict(product({ inbound: [inbound('2026-04-07T00:00:00Z', 30)] }))).toMatchObject({
      short_from: '2026-04-09T06:00:00Z',
      units_short: 44,
    });
  });

  it('an arrival amid the shortage cuts it in two', () => {
    // Empty 8 April 06:00 to 9 April 06:00 (30 units); 15 units last 12 hours; empty again 9 April 18:00 to 10 April 17:00
    // (23 hours, 28.75 units): 58.75 in all.
    expect(predict(product({ inbound: [inbound('2026-04-09T06:00:00Z', 15)] }))).toEqual({
      warehouse: 'WH-HAM',
      short_from: '2026-04-08T06:00:00Z',
      short_until: '2026-04-10T17:00:00Z',
      units_short: 59,
    });
  });

  it('an arrival that lasts ends the shortage', () => {
    // Empty 8 April 06:00 to 9 April 06:00: 30 units, no part of a unit more.
    expect(predict(product({ inbound: [inbound('2026-04-09T06:00:00Z', 500)] }))).toEqual({
      warehouse: 'WH-HAM',
      short_from: '2026-04-08T06:00:00Z',
      short_until: '2026-04-09T06:00:00Z',
      units_short: 30,
    });
  });

  it.each([
    ['stock that lasts', product({ stock: [{ ...count, on_hand: 164 }] })],
    ['no demand', product({ stock: [{ ...count, on_hand: 0, daily_demand: 0 }] })],
    ['enough arriving in time', product({ inbound: [inbound('2026-04-08T06:00:00Z', 74)] })],
    ['no stock count', product({ stock: [] })],
    ['a count of another warehouse', product({ stock: [{ ...count, warehouse: 'WH-LEJ' }] })],
    ['a count after the goods came', product({ stock: [{ ...count, counted_at: '2026-04-10T17:00:00Z' }] })],
  ])('predicts nothing with %s', (_what, state) => expect(predict(state)).toBeUndefined());

  it('one unit less than enough is a shortage', () => {
    // 131 hours x 30 / 24 = 163.75 units are needed.
    expect(predict(product({ stock: [{ ...count, on_hand: 163 }] }))).toMatchObject({ units_short: 1 });
  });

  it('does not blame the delay for a gap that ended before the goods were due', () => {
    const early = [inbound('2026-04-08T12:00:00Z', 500)];
    expect(predict(product({ inbound: early }))).toBeUndefined();
  });

  it('counts neither the late shipment itself, nor other warehouses, nor what came before the count or comes after', () => {
    const others = [
      inbound('2026-04-07T00:00:00Z', 900, { shipment_id: 'SHIP-XYZ-789' }),
      inbound('2026-04-07T01:00:00Z', 900, { warehouse: 'WH-LEJ' }),
      inbound('2026-04-05T06:00:00Z', 900),
      inbound('2026-04-10T17:00:00Z', 900),
    ];
    expect(predict(product({ inbound: others }))).toMatchObject({ units_short: 74 });
  });

  it('takes the only warehouse when the shipment is not registered, and guesses among several never', () => {
    const { warehouse: _unknown, ...unregistered } = late;
    expect(predict(product({}), unregistered)).toMatchObject({ warehouse: 'WH-HAM', units_short: 74 });
    const two = product({ stock: [count, { ...count, warehouse: 'WH-LEJ' }] });
    expect(predict(two, unregistered)).toBeUndefined();
  });

  it('agrees with counting hour by hour, whatever arrives when', () => {
    const hour = 3_600_000;
    const start = Date.parse(count.counted_at);
    const arrivals = fc.array(
      fc.record({ hours: fc.integer({ min: 1, max: 130 }), quantity: fc.integer({ min: 1, max: 80 }) }),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), arrivals, (onHand, list) => {
        // 24 a day = one an hour: stock is a whole number at every full hour. 131 hours from count to new date.
        let [level, missing] = [onHand, 0];
        for (let at = 0; at < 131; at += 1) {
          for (const { hours, quantity } of list) if (hours === at) level += quantity;
          if (level > 0) level -= 1;
          else missing += 1;
        }
        const state = product({
          stock: [{ ...count, on_hand: onHand, daily_demand: 24 }],
          inbound: list.map(({ hours, quantity }, index) =>
            inbound(new Date(start + hours * hour).toISOString(), quantity, { shipment_id: `S${index}` }),
          ),
        });
        const early = { ...late, facts: { ...facts, original_eta: count.counted_at } };
        expect(predict(state, early)?.units_short ?? 0).toBe(missing);
      }),
    );
  });
});

describe('isNews', () => {
  const told = {
    warehouse: 'WH-HAM',
    short_from: '2026-04-08T06:00:00Z',
    short_until: '2026-04-10T17:00:00Z',
    units_short: 74,
  };
  const from = (short_from: string) => ({ ...told, short_from });
  it.each([
    ['the first one', undefined, told, true],
    ['none', told, undefined, false],
    ['the same', told, told, false],
    ['23 hours later', told, from('2026-04-09T05:00:00Z'), false],
    ['a day later', told, from('2026-04-09T06:00:00Z'), true],
    ['a day earlier', told, from('2026-04-07T06:00:00Z'), true],
  ])('%s', (_what, before, found, news) => expect(isNews(before, found)).toBe(news));
});
