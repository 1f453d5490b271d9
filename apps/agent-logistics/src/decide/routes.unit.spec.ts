import { network } from '../../test/agent.js';
import { lanesBetween } from '../routes/position.js';
import { readReason } from '../reason/disturbance.js';
import type { DelayFacts } from '../state/parts.js';
import type { Booking } from '../state/shipment.state.js';
import { quickestDays, rankRoutes } from './routes.decide.js';

/*
 * Shanghai - Hamburg by hand. Booked on the direct service, departed 10 March 06:00; seen late on 5 April, so only
 * next ports after 5 April 11:15 (26.2 days out) are ahead: Le Havre (26.5), Rotterdam, Antwerp, Felixstowe (27).
 *
 * Lanes (days, USD):   CNSHA-NLRTM 27   2010   CNSHA-BEANR 27   2010   CNSHA-GBFXT 27 2000   CNSHA-FRLEH 26.5 1990
 *   to Hamburg by sea: NLRTM 1.5 230   BEANR 1.5 240   GBFXT 2 260   DEBRV 0.5 190
 *   to Hamburg by road: NLRTM 1.5 820  BEANR 1.5 860
 *   between:           NLRTM-DEBRV 1 220   BEANR-DEBRV 1.5 240   FRLEH-BEANR 1 220
 * Each port between costs 1 day and 150 USD. Score = USD + 200 x days.
 *
 *                                         days                          USD                                score
 *   a  over Rotterdam, ship               27 + 1 + 1.5 = 29.5           2010 + 150 + 230 = 2390            8290
 *   b  over Antwerp, ship                 27 + 1 + 1.5 = 29.5           2010 + 150 + 240 = 2400            8300
 *   c  over Felixstowe, ship              27 + 1 + 2 = 30               2000 + 150 + 260 = 2410            8410
 *   d  over Rotterdam and Bremerhaven     27 + 1 + 1 + 1 + 0.5 = 30.5   2010 + 150 + 220 + 150 + 190 = 2720   8820
 *   e  over Rotterdam, then by road       27 + 1 + 1.5 = 29.5           2010 + 150 + 820 = 2980            8880
 *   f  over Antwerp, then by road         27 + 1 + 1.5 = 29.5           2010 + 150 + 860 = 3020            8920
 *   g  over Antwerp and Bremerhaven       27 + 1 + 1.5 + 1 + 0.5 = 31   2010 + 150 + 240 + 150 + 190 = 2740   8940
 *   h  over Le Havre and Antwerp          26.5 + 1 + 1 + 1 + 1.5 = 31   1990 + 150 + 220 + 150 + 240 = 2750   8950
 *
 * All ports open: a b c d e. Rotterdam closed: a, d and e fall away, f, g and h move up: b c f g h.
 */
const a = { ports: ['CNSHA', 'NLRTM', 'DEHAM'], modes: ['sea', 'sea'], days: 29.5, cost_usd: 2390 };
const b = { ports: ['CNSHA', 'BEANR', 'DEHAM'], modes: ['sea', 'sea'], days: 29.5, cost_usd: 2400 };
const c = { ports: ['CNSHA', 'GBFXT', 'DEHAM'], modes: ['sea', 'sea'], days: 30, cost_usd: 2410 };
const d = {
  ports: ['CNSHA', 'NLRTM', 'DEBRV', 'DEHAM'],
  modes: ['sea', 'sea', 'sea'],
  days: 30.5,
  cost_usd: 2720,
};
const e = { ports: ['CNSHA', 'NLRTM', 'DEHAM'], modes: ['sea', 'road'], days: 29.5, cost_usd: 2980 };
const f = { ports: ['CNSHA', 'BEANR', 'DEHAM'], modes: ['sea', 'road'], days: 29.5, cost_usd: 3020 };
const g = {
  ports: ['CNSHA', 'BEANR', 'DEBRV', 'DEHAM'],
  modes: ['sea', 'sea', 'sea'],
  days: 31,
  cost_usd: 2740,
};
const h = {
  ports: ['CNSHA', 'FRLEH', 'BEANR', 'DEHAM'],
  modes: ['sea', 'sea', 'sea'],
  days: 31,
  cost_usd: 2750,
};

const booking: Booking = {
  carrier: 'Global Freight',
  origin: 'CNSHA',
  destination: 'DEHAM',
  via: [],
  departs_at: '2026-03-10T06:00:00Z',
  eta: '2026-04-10T06:00:00Z',
  warehouse: 'WH-HAM',
  items: [],
  priority: 3,
};
const facts: DelayFacts = {
  shipment_id: 'SHIP-XYZ-789',
  carrier: 'Global Freight',
  observed_at: '2026-04-05T11:15:00Z',
  original_eta: '2026-04-10T06:00:00Z',
  new_eta: '2026-04-12T06:00:00Z',
  reason: 'Engine failure',
};
const rank = (reason: string, more: Partial<Booking> = {}, when: Partial<DelayFacts> = {}) =>
  rankRoutes({ ...booking, ...more }, { ...facts, ...when, reason }, network);
const portsOf = (reason: string, more: Partial<Booking> = {}, when: Partial<DelayFacts> = {}) =>
  rank(reason, more, when)?.routes.map((route) => route.ports.join(' ')) ?? [];
const waiting = { observed_at: '2026-03-01T00:00:00Z' };

describe('rankRoutes', () => {
  it('the lanes of the sum below are still those of the data set', () => {
    const lanes = (from: string, to: string) =>
      lanesBetween(network, from, to).map(({ mode, days, cost_usd }) => `${mode} ${days} ${cost_usd}`);
    expect(lanes('CNSHA', 'NLRTM')).toEqual(['sea 27 2010']);
    expect(lanes('CNSHA', 'BEANR')).toEqual(['sea 27 2010']);
    expect(lanes('CNSHA', 'GBFXT')).toEqual(['sea 27 2000']);
    expect(lanes('CNSHA', 'FRLEH')).toEqual(['sea 26.5 1990']);
    expect(lanes('NLRTM', 'DEHAM')).toEqual(['sea 1.5 230', 'road 1.5 820']);
    expect(lanes('BEANR', 'DEHAM')).toEqual(['sea 1.5 240', 'road 1.5 860']);
    expect(lanes('GBFXT', 'DEHAM')).toEqual(['sea 2 260']);
  });

  it('ranks as computed by hand while all ports are open', () => {
    expect(rank('Engine failure')).toMatchObject({
      shipment_id: 'SHIP-XYZ-789',
      from: 'CNSHA',
      to: 'DEHAM',
      closed_ports: [],
      routes: [a, b, c, d, e].map((route, index) => ({ rank: index + 1, ...route })),
    });
  });

  it('ranks as computed by hand when Rotterdam is closed', () => {
    const ranked = rank('Port strike at Rotterdam');
    expect(ranked).toMatchObject({
      closed_ports: ['NLRTM'],
      routes: [b, c, f, g, h].map((route, index) => ({ rank: index + 1, ...route })),
    });
    expect(ranked?.routes).toHaveLength(5);
  });

  it('reckons the date of a way from departure', () => {
    // 10 March 06:00 + 29.5 days = 8 April 18:00; + 31 days = 10 April 06:00.
    const [first, , , fourth] = rank('Port strike at Rotterdam')?.routes ?? [];
    expect(first?.eta).toBe('2026-04-08T18:00:00Z');
    expect(fourth?.eta).toBe('2026-04-10T06:00:00Z');
  });

  it('does not offer the planned way', () => {
    expect(portsOf('Engine failure')).not.toContain('CNSHA DEHAM');
    expect(portsOf('Engine failure', { via: ['BEANR'] })).toContain('CNSHA DEHAM');
    expect(portsOf('Engine failure', { via: ['BEANR'] })).not.toContain('CNSHA BEANR DEHAM');
  });

  it('starts at the last planned port the ship left', () => {
    const ranked = rank('Engine failure', { via: ['SGSIN', 'NLRTM'] });
    expect(ranked?.from).toBe('SGSIN');
    expect(ranked?.routes[0]?.ports[0]).toBe('SGSIN');
  });

  it('goes on by ship, and to ports ahead only, once under way', () => {
    const later = rank('Engine failure', {}, { observed_at: '2026-04-05T18:30:00Z' })?.routes ?? [];
    // 26.52 days out: Le Havre (26.5 days) is behind, Rotterdam (27) still ahead.
    expect(later.map((route) => route.ports[1])).not.toContain('FRLEH');
    expect(later.map((route) => route.ports[1])).toContain('NLRTM');
    expect(new Set(later.map((route) => route.modes[0]))).toEqual(new Set(['sea']));
    expect(portsOf('Engine failure', {}, { observed_at: '2026-04-09T00:00:00Z' })).toEqual([]);
  });

  it('may still leave by any mode before departure', () => {
    // 0.5 days and 430 USD by road to Ningbo instead of Shanghai: closed as a seaport, the origin is left by land.
    const ranked = rank('Typhoon over Shanghai', {}, waiting);
    expect(ranked?.closed_ports).toEqual(['CNSHA']);
    expect(ranked?.routes.length).toBe(5);
    for (const route of ranked?.routes ?? []) expect(route.modes[0]).not.toBe('sea');
  });

  it('reaches a closed destination by land only', () => {
    const ranked = rank('Strike at Hamburg', {}, waiting);
    expect(ranked?.closed_ports).toEqual(['DEHAM']);
    expect(ranked?.routes.length).toBe(5);
    for (const route of ranked?.routes ?? []) expect(route.modes.at(-1)).not.toBe('sea');
  });

  it('goes round the Cape when Suez is closed, or by rail', () => {
    const ranked = rank('Attacks in the Red Sea, Suez closed', {}, waiting);
    expect(ranked?.routes.length).toBe(5);
    for (const route of ranked?.routes ?? []) {
      expect(route.ports.includes('ZACPT') || route.ports.includes('CNCKG')).toBe(true);
    }
  });

  it('adds the days a congested port costs', () => {
    // a': 29.5 + 3 = 32.5 days, 2390 USD, score 8890: behind b, c and f.
    const ranked = rank('Heavy congestion at Rotterdam', {}, {})?.routes ?? [];
    expect(ranked.map((route) => route.ports.join(' ')).slice(0, 2)).toEqual([
      'CNSHA BEANR DEHAM',
      'CNSHA GBFXT DEHAM',
    ]);
    expect(ranked[2]).toMatchObject({ ports: a.ports, days: 32.5, cost_usd: 2390 });
  });

  it('knows nothing of ports outside the data set', () => {
    expect(rank('Engine failure', { destination: 'XXAAA' })).toBeUndefined();
    expect(rank('Engine failure', { origin: 'XXAAA' })).toBeUndefined();
  });
});

describe('quickestDays', () => {
  const none = readReason('', network);
  it('is the least time whatever it costs', () => {
    // Shanghai - Koper 22 days, then 1 day and 2.5 days by rail: 25.5, against 29.5 over Rotterdam.
    expect(quickestDays('CNSHA', 'DEHAM', none, network)).toBeLessThan(29.5);
    expect(quickestDays('NLRTM', 'DEHAM', none, network)).toBe(1.5);
    expect(quickestDays('NLRTM', 'NLRTM', none, network)).toBe(0);
  });

  it('is longer with a closed port on the way, and unknown without a way', () => {
    const closed = readReason('Strike at Rotterdam', network);
    expect(quickestDays('BEANR', 'NLRTM', closed, network)).toBe(0.5);
    expect(quickestDays('IEDUB', 'NLRTM', closed, network)).toBeGreaterThan(2);
    expect(quickestDays('CNSHA', 'XXAAA', none, network)).toBeUndefined();
  });
});
