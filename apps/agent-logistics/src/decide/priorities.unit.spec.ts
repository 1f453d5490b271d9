import { shipmentReprioritized } from '@signalbox/contracts';
import { event, given } from '@signalbox/test-kit';
import { network } from '../../test/agent.js';
import { shipmentWanted } from '../internal-events.js';
import { shipmentState, type Booking, type ShipmentState } from '../state/shipment.state.js';
import { decideWanted, wantEarlier } from './priorities.decide.js';

const late = shipmentWanted.example.because_of; // seen 5 April 11:15, now due 10 April 17:00
const booking: Booking = {
  carrier: 'Global Freight',
  origin: 'BEANR',
  destination: 'DEHAM',
  via: [],
  departs_at: '2026-04-02T06:00:00Z',
  eta: '2026-04-09T08:00:00Z',
  warehouse: 'WH-HAM',
  items: [{ product_id: 'PROD-A', quantity: 200 }],
  priority: 3,
};
const decided = (more: Partial<Booking> | undefined, rest: Partial<ShipmentState> = {}) =>
  given<ShipmentState>(
    { revision: 0, ...(more ? { booking: { ...booking, ...more } } : {}), ...rest },
    shipmentState,
  )
    .when(event(shipmentWanted, shipmentWanted.example))
    .with(({ state, event: { data } }) => decideWanted(state, data, network));
const moved = (more: Partial<Booking> | undefined, rest: Partial<ShipmentState> = {}) =>
  decided(more, rest).emitted(shipmentReprioritized);

describe('decideWanted', () => {
  it('moves a shipment that is due before the late goods to priority 1, and remembers it', () => {
    expect(moved({ priority: 4 })).toMatchObject([
      { shipment_id: 'SHIP-ABC-123', from_priority: 4, to_priority: 1 },
    ]);
    expect(decided({}).outputs[0]).toMatchObject({ kind: 'set_state', state: { booking: { priority: 1 } } });
  });

  it('leaves one that is already first, unknown, or no longer carries the product', () => {
    expect(moved({ priority: 1 })).toEqual([]);
    expect(moved(undefined)).toEqual([]);
    expect(moved({ items: [{ product_id: 'PROD-B', quantity: 1 }] })).toEqual([]);
  });

  it('leaves one under way that comes after the late goods', () => {
    expect(moved({ eta: '2026-04-10T17:00:00Z' })).toEqual([]);
  });

  it('takes one not yet gone when its quickest way is in time', () => {
    // Antwerp - Hamburg takes 1.5 days: gone on 9 April 04:00 it is there on 10 April 16:00, an hour before; at 05:00 not.
    expect(moved({ eta: '2026-04-14T00:00:00Z', departs_at: '2026-04-09T04:00:00Z' })).toHaveLength(1);
    expect(moved({ eta: '2026-04-14T00:00:00Z', departs_at: '2026-04-09T05:00:00Z' })).toEqual([]);
  });

  it('reckons with its own delay', () => {
    const facts = { ...late, shipment_id: 'SHIP-ABC-123', new_eta: '2026-04-11T00:00:00Z' };
    expect(moved({}, { delay: { facts, products: ['PROD-A'], act: true }, revision: 1 })).toEqual([]);
  });
});

describe('wantEarlier', () => {
  it('asks each shipment once for all short products, at most 100 shipments', () => {
    const short_from = '2026-04-08T06:00:00Z';
    const many = Array.from({ length: 120 }, (_, index) => ({
      shipment_id: `S${index}`,
      product_id: 'PROD-A',
      short_from,
    }));
    const asked = wantEarlier([...many, { shipment_id: 'S0', product_id: 'PROD-B', short_from }], late);
    expect(asked).toHaveLength(100);
    expect(asked[0]?.data).toMatchObject({
      shipment_id: 'S0',
      products: [{ product_id: 'PROD-A' }, { product_id: 'PROD-B' }],
    });
  });
});
