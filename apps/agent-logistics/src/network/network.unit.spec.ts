import { SignalboxError } from '@signalbox/errors';
import { distanceKm } from '../routes/position.js';
import { loadNetwork } from './load-network.js';
import { buildNetwork, otherEnd, type Lane, type Port } from './network.js';

const network = loadNetwork();
const port = (locode: string): Port => {
  const found = network.ports.get(locode);
  if (!found) throw new Error(`no port ${locode}`);
  return found;
};
const kmOf = (lane: Lane): number => distanceKm(port(lane.from), port(lane.to));

describe('the data set', () => {
  it('has at least 60 ports and 200 lanes of all modes', () => {
    expect(network.ports.size).toBeGreaterThanOrEqual(60);
    expect(network.lanes.length).toBeGreaterThanOrEqual(200);
    expect(new Set(network.lanes.map((lane) => lane.mode))).toEqual(new Set(['sea', 'rail', 'road']));
  });

  it('connects every port with every other', () => {
    const reached = new Set(['CNSHA']);
    const waiting = ['CNSHA'];
    for (let here = waiting.pop(); here; here = waiting.pop()) {
      for (const lane of network.lanesOf.get(here) ?? []) {
        const next = otherEnd(lane, here);
        if (!reached.has(next)) waiting.push(next);
        reached.add(next);
      }
    }
    expect([...network.ports.keys()].filter((code) => !reached.has(code))).toEqual([]);
  });

  it('has a sea lane at every port but the inland ones', () => {
    const dry = [...network.ports.keys()].filter(
      (code) => !network.lanesOf.get(code)?.some((lane) => lane.mode === 'sea'),
    );
    expect(dry).toEqual(['CNCKG', 'DEDUI', 'USCHI']);
  });

  it('knows which lanes need Suez: all between Asia and Europe but those round the Cape', () => {
    const asia = (code: string): boolean =>
      port(code).lon > 66 && port(code).lon < 150 && port(code).lat > -12;
    const europe = (code: string): boolean =>
      port(code).lat > 30 && port(code).lon > -12 && port(code).lon < 36;
    const between = network.lanes.filter(
      (lane) =>
        lane.mode === 'sea' && ((asia(lane.from) && europe(lane.to)) || (europe(lane.from) && asia(lane.to))),
    );
    expect(between.length).toBeGreaterThan(20);
    expect(between.filter((lane) => lane.passage !== 'suez')).toEqual([]);
  });

  it.each([
    // [mode, km a day at most on the straight line, km a day at least for lanes over 2,000 km]
    ['sea', 900, 150],
    ['rail', 800, 250],
    ['road', 800, 200],
  ] as const)('%s lanes take plausible times', (mode, mostPerDay, leastPerDay) => {
    const lanes = network.lanes.filter((lane) => lane.mode === mode);
    const perDay = (lane: Lane): number => kmOf(lane) / lane.days;
    expect(lanes.filter((lane) => perDay(lane) > mostPerDay)).toEqual([]);
    expect(lanes.filter((lane) => kmOf(lane) > 2_000 && perDay(lane) < leastPerDay)).toEqual([]);
  });

  it('makes road dearer than sea over the same ports', () => {
    const pairs = network.lanes.flatMap((road) =>
      network.lanes
        .filter((sea) => road.mode === 'road' && sea.mode === 'sea')
        .filter((sea) => [sea.from, sea.to].sort().join() === [road.from, road.to].sort().join())
        .filter(() => kmOf(road) > 150)
        .map((sea) => road.cost_usd - sea.cost_usd),
    );
    expect(pairs.length).toBeGreaterThan(5);
    expect(Math.min(...pairs)).toBeGreaterThan(0);
  });
});

describe('buildNetwork', () => {
  const raw = (): { ports: Port[]; lanes: Record<string, unknown>[]; countries: unknown[] } => ({
    ports: [...network.ports.values()].map((one) => ({ ...one })),
    lanes: network.lanes.map(({ id: _id, ...lane }) => ({ ...lane })),
    countries: [...network.countries],
  });
  const problemsOf = (data: unknown): readonly { pointer: string; message: string }[] => {
    try {
      buildNetwork(data);
    } catch (error) {
      expect(error).toBeInstanceOf(SignalboxError);
      expect((error as SignalboxError).code).toBe('config_invalid');
      return (error as SignalboxError).pointers;
    }
    return [];
  };

  it('takes the data set as it is', () => expect(problemsOf(raw())).toEqual([]));

  it('names a lane to an unknown port, one that leads nowhere and one listed twice', () => {
    const data = raw();
    data.lanes = [
      ...data.lanes,
      { from: 'CNSHA', to: 'XXAAA', mode: 'sea', days: 1, cost_usd: 1 },
      { from: 'CNSHA', to: 'CNSHA', mode: 'road', days: 1, cost_usd: 1 },
      { from: 'NLRTM', to: 'CNSHA', mode: 'sea', days: 1, cost_usd: 1 },
      { from: 'NLRTM', to: 'BEZEE', mode: 'road', days: 1, cost_usd: 1, passage: 'suez' },
    ];
    const first = network.lanes.length;
    expect(problemsOf(data)).toEqual([
      { pointer: `/lanes/${first}`, message: 'sea lane CNSHA-XXAAA: XXAAA is no port' },
      { pointer: `/lanes/${first + 1}`, message: 'road lane CNSHA-CNSHA leads nowhere' },
      { pointer: `/lanes/${first + 2}`, message: 'sea lane NLRTM-CNSHA is listed twice' },
      { pointer: `/lanes/${first + 3}`, message: 'road lane NLRTM-BEZEE cannot use a passage' },
    ]);
  });

  it('names a port listed twice, one in the wrong country and a country without names', () => {
    const data = raw();
    data.ports.push({ ...port('NLRTM') }, { ...port('FIHEL'), locode: 'FIXXX', country: 'SE' });
    data.countries.pop();
    expect(problemsOf(data)).toEqual([
      { pointer: `/ports/${network.ports.size}`, message: 'NLRTM is listed twice' },
      { pointer: `/ports/${network.ports.size + 1}/country`, message: 'FIXXX is not in SE' },
      { pointer: '/countries', message: 'ZA has no names' },
    ]);
  });

  it.each([
    ['no ports', { ...raw(), ports: [] }, '/ports'],
    [
      'a lane without days',
      { ...raw(), lanes: [...raw().lanes, { from: 'CNSHA', to: 'NLRTM', mode: 'air' }] },
      '/lanes/',
    ],
    ['no object', 5, '/'],
  ])('refuses %s', (_what, data, pointer) => {
    expect(problemsOf(data)[0]?.pointer.startsWith(pointer)).toBe(true);
  });

  it('says which file cannot be read', () => {
    expect(() => loadNetwork('/nowhere')).toThrow(/ports\.json in \/nowhere cannot be read as JSON/);
  });
});
