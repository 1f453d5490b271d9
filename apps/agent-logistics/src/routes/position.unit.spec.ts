import { loadNetwork } from '../network/load-network.js';
import { distanceKm, positionAt } from './position.js';
import type { Booking } from '../state/shipment.state.js';

const network = loadNetwork();
// Shanghai - Rotterdam 27 days, Rotterdam - Hamburg 1.5 days, booked with exactly those 28.5 days.
const booking: Booking = {
  carrier: 'Global Freight',
  origin: 'CNSHA',
  destination: 'DEHAM',
  via: ['NLRTM'],
  departs_at: '2026-03-10T06:00:00Z',
  eta: '2026-04-07T18:00:00Z',
  warehouse: 'WH-HAM',
  items: [],
  priority: 3,
};
const at = (time: string, more: Partial<Booking> = {}) =>
  positionAt({ ...booking, ...more }, Date.parse(time), network);

describe('positionAt', () => {
  it('waits at the origin before departure', () => {
    expect(at('2026-03-10T05:59:59Z')).toEqual({
      from: 'CNSHA',
      leavesAtMs: Date.parse('2026-03-10T06:00:00Z'),
      underWay: false,
      planned: ['CNSHA', 'NLRTM', 'DEHAM'],
    });
  });

  it('is beyond a port once its share of the time has passed', () => {
    expect(at('2026-04-06T05:00:00Z')).toMatchObject({ from: 'CNSHA', underWay: true });
    expect(at('2026-04-06T06:00:00Z')).toEqual({
      from: 'NLRTM',
      leavesAtMs: Date.parse('2026-04-06T06:00:00Z'),
      underWay: true,
      planned: ['NLRTM', 'DEHAM'],
    });
  });

  it('is at its destination at the end', () => {
    expect(at('2026-05-01T00:00:00Z')).toMatchObject({ from: 'DEHAM', planned: ['DEHAM'] });
  });

  it('stretches the legs to the booked time', () => {
    expect(at('2026-04-07T00:00:00Z', { eta: '2026-05-06T06:00:00Z' })).toMatchObject({ from: 'CNSHA' });
    expect(at('2026-03-25T00:00:00Z', { eta: '2026-03-24T12:00:00Z' })).toMatchObject({ from: 'DEHAM' });
  });

  it('reckons by distance where there is no lane, and takes unknown ports as one day', () => {
    const plan = { via: ['ZACPT'], eta: '2026-04-09T06:00:00Z' };
    // 30 days: Shanghai - Cape Town has a lane of 20 days; Cape Town - Hamburg has none and is about 9,600 km (16 days).
    expect(at('2026-03-25T06:00:00Z', plan)).toMatchObject({ from: 'CNSHA' });
    expect(at('2026-03-28T06:00:00Z', plan)).toMatchObject({ from: 'ZACPT' });
    expect(at('2026-03-11T06:00:00Z', { via: ['XXXXX'] })).toMatchObject({ from: 'CNSHA' });
  });

  it('does not divide by nothing when the booked arrival lies before the departure', () => {
    const position = at('2026-03-11T00:00:00Z', { eta: '2026-03-01T00:00:00Z' });
    expect(position).toMatchObject({ from: 'DEHAM', leavesAtMs: Date.parse('2026-03-10T06:00:00Z') });
  });
});

it('distanceKm knows that Rotterdam and Hamburg are about 430 km apart', () => {
  const [a, b] = [network.ports.get('NLRTM'), network.ports.get('DEHAM')];
  if (!a || !b) throw new Error('ports are missing');
  expect(Math.round(distanceKm(a, b) / 10) * 10).toBe(430);
});
