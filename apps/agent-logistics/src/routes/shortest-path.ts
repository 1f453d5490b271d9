import { otherEnd, type Lane, type Network } from '../network/network.js';
import type { LaneScore } from './score.js';

/** A way through the network. `ports` has one more entry than `lanes`. */
export interface Path {
  readonly ports: readonly string[];
  readonly lanes: readonly Lane[];
  readonly score: number;
}

/** Which part of the network a search may use. */
export interface Limits {
  /** May this lane be used from this port? */
  readonly allows: (lane: Lane, fromPort: string) => boolean;
  /** Days lost when a way reaches this port. */
  readonly extraDays: (port: string) => number;
  /** What a lane adds to the score of a way; always above 0. */
  readonly score: LaneScore;
  /** Lanes of one way, at most. */
  readonly lanesMax: number;
}

/** Where a search starts: after some lanes already fixed (none for a whole way). */
export interface Start {
  readonly path: Path;
  readonly bannedPorts: ReadonlySet<string>;
  readonly bannedLanes: ReadonlySet<number>;
}

export const emptyPath = (from: string): Path => ({ ports: [from], lanes: [], score: 0 });

/** The path one lane longer. */
export function extend(path: Path, lane: Lane, limits: Limits): Path {
  const from = path.ports.at(-1) as string;
  const to = otherEnd(lane, from);
  const step = limits.score(lane, limits.extraDays(to), path.lanes.length > 0);
  return { ports: [...path.ports, to], lanes: [...path.lanes, lane], score: path.score + step };
}

/** Order of paths: score, then fewer lanes, then ports and lanes by name, so that equal data give equal order. */
export function comparePaths(a: Path, b: Path): number {
  if (a.score !== b.score) return a.score - b.score;
  if (a.lanes.length !== b.lanes.length) return a.lanes.length - b.lanes.length;
  const [left, right] = [pathName(a), pathName(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

export const pathName = (path: Path): string =>
  path.ports.map((port, index) => `${port}/${path.lanes[index]?.id ?? ''}`).join(' ');

/**
 * The best path to `to` that begins with `start.path`, visits no port twice and keeps within the limits, or undefined.
 * Dijkstra by layers: the best path per port and number of lanes, so that the bound on lanes holds exactly.
 */
export function shortestPath(network: Network, start: Start, to: string, limits: Limits): Path | undefined {
  let layer = new Map([[start.path.ports.at(-1) as string, start.path]]);
  let best: Path | undefined = layer.get(to);
  for (let used = start.path.lanes.length; used < limits.lanesMax && layer.size > 0; used += 1) {
    layer = nextLayer(network, layer, start, limits, best?.score ?? Infinity);
    const reached = layer.get(to);
    if (reached && (!best || comparePaths(reached, best) < 0)) best = reached;
    layer.delete(to);
  }
  return best;
}

function nextLayer(
  network: Network,
  layer: Map<string, Path>,
  start: Start,
  limits: Limits,
  bestScore: number,
): Map<string, Path> {
  const next = new Map<string, Path>();
  for (const path of layer.values()) {
    for (const longer of stepsFrom(network, path, start, limits)) {
      // Scores only grow: what is worse than a whole way cannot become a better one.
      if (longer.score > bestScore) continue;
      const port = longer.ports.at(-1) as string;
      const known = next.get(port);
      if (!known || comparePaths(longer, known) < 0) next.set(port, longer);
    }
  }
  return next;
}

function stepsFrom(network: Network, path: Path, start: Start, limits: Limits): Path[] {
  const here = path.ports.at(-1) as string;
  const first = path === start.path;
  return (network.lanesOf.get(here) ?? [])
    .filter((lane) => !(first && start.bannedLanes.has(lane.id)))
    .filter((lane) => limits.allows(lane, here))
    .filter(
      (lane) => !path.ports.includes(otherEnd(lane, here)) && !start.bannedPorts.has(otherEnd(lane, here)),
    )
    .map((lane) => extend(path, lane, limits));
}
