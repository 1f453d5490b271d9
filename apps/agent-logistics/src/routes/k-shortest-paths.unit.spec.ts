import fc from 'fast-check';
import { loadNetwork } from '../network/load-network.js';
import { otherEnd, type Lane, type Network } from '../network/network.js';
import { kShortestPaths } from './k-shortest-paths.js';
import { byDays, byValue } from './score.js';
import { comparePaths, emptyPath, extend, pathName, type Limits, type Path } from './shortest-path.js';

const free: Limits = { allows: () => true, extraDays: () => 0, score: byValue, lanesMax: 4 };
const ports = ['A', 'B', 'C', 'D', 'E', 'F'];

type RawLane = Omit<Lane, 'id'>;
const graph = (lanes: readonly RawLane[]): Network => {
  const numbered = lanes.map((lane, id) => ({ ...lane, id }));
  const lanesOf = new Map(
    ports.map((port) => [port, numbered.filter((l) => l.from === port || l.to === port)]),
  );
  return { ports: new Map(), countries: [], lanes: numbered, lanesOf };
};

/** Every way without a port twice, by trying all of them: slow and plainly right. */
function allPaths(network: Network, from: string, to: string, limits: Limits): Path[] {
  const walk = (path: Path): Path[] => {
    const here = path.ports.at(-1) as string;
    if (here === to) return [path];
    if (path.lanes.length === limits.lanesMax) return [];
    return (network.lanesOf.get(here) ?? [])
      .filter((lane) => limits.allows(lane, here) && !path.ports.includes(otherEnd(lane, here)))
      .flatMap((lane) => walk(extend(path, lane, limits)));
  };
  return walk(emptyPath(from)).sort(comparePaths);
}

const lane = fc
  .record({
    from: fc.constantFrom(...ports),
    to: fc.constantFrom(...ports),
    mode: fc.constantFrom('sea' as const, 'rail' as const, 'road' as const),
    days: fc.integer({ min: 1, max: 8 }).map((half) => half / 2),
    cost_usd: fc.integer({ min: 1, max: 20 }).map((tens) => tens * 50),
  })
  .filter(({ from, to }) => from !== to);

describe('kShortestPaths', () => {
  it('finds exactly what trying all ways finds, on any graph', () => {
    fc.assert(
      fc.property(fc.array(lane, { maxLength: 16 }), fc.integer({ min: 1, max: 8 }), (lanes, count) => {
        const network = graph(lanes);
        const expected = allPaths(network, 'A', 'F', free).slice(0, count);
        const found = kShortestPaths(network, { from: 'A', to: 'F' }, count, free);
        expect(found.map(pathName)).toEqual(expected.map(pathName));
      }),
      { numRuns: 400 },
    );
  });

  it('keeps within limits: lanes it may not use, days lost at ports, the number of lanes', () => {
    fc.assert(
      fc.property(
        fc.array(lane, { maxLength: 14 }),
        fc.constantFrom(...ports.slice(1, 5)),
        fc.integer({ min: 1, max: 3 }),
        (lanes, slow, lanesMax) => {
          const network = graph(lanes);
          const limits: Limits = {
            allows: ({ mode }, from) => !(mode === 'road' && from === 'B'),
            extraDays: (port) => (port === slow ? 5 : 0),
            score: byDays,
            lanesMax,
          };
          const expected = allPaths(network, 'A', 'F', limits).slice(0, 4);
          const found = kShortestPaths(network, { from: 'A', to: 'F' }, 4, limits);
          expect(found.map(pathName)).toEqual(expected.map(pathName));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('finds nothing between a port and itself, or without a way', () => {
    const network = graph([{ from: 'A', to: 'B', mode: 'sea', days: 1, cost_usd: 100 }]);
    expect(kShortestPaths(network, { from: 'A', to: 'A' }, 3, free)).toEqual([]);
    expect(kShortestPaths(network, { from: 'A', to: 'C' }, 3, free)).toEqual([]);
  });

  it('agrees with trying all ways on the real network', () => {
    const network = loadNetwork();
    const limits = { ...free, lanesMax: 3 };
    const expected = allPaths(network, 'SGSIN', 'USNYC', limits).slice(0, 8);
    const found = kShortestPaths(network, { from: 'SGSIN', to: 'USNYC' }, 8, limits);
    expect(found.map(pathName)).toEqual(expected.map(pathName));
    expect(found).toHaveLength(8);
  });
});
