import type { Network } from '../network/network.js';
import {
  comparePaths,
  emptyPath,
  extend,
  pathName,
  shortestPath,
  type Limits,
  type Path,
  type Start,
} from './shortest-path.js';

/**
 * The `count` best paths from one port to another, best first (Yen's algorithm on a graph with parallel lanes).
 * No path visits a port twice; two paths differ in at least one lane. Fewer, also none, when there are not so many.
 */
export function kShortestPaths(
  network: Network,
  ends: { readonly from: string; readonly to: string },
  count: number,
  limits: Limits,
): readonly Path[] {
  const start: Start = { path: emptyPath(ends.from), bannedPorts: new Set(), bannedLanes: new Set() };
  const first = ends.from === ends.to ? undefined : shortestPath(network, start, ends.to, limits);
  const found: Path[] = first ? [first] : [];
  const candidates = new Map<string, Path>();
  while (found.length > 0 && found.length < count) {
    for (const path of detours(network, found, ends.to, limits)) candidates.set(pathName(path), path);
    for (const path of found) candidates.delete(pathName(path));
    const [next] = [...candidates.values()].sort(comparePaths);
    if (!next) break;
    found.push(next);
  }
  return found;
}

/** For each port of the last path found: the best way on from there that no path found so far takes. */
function detours(network: Network, found: readonly Path[], to: string, limits: Limits): Path[] {
  const last = found.at(-1) as Path;
  return last.lanes.flatMap((_, index) => {
    const root = rootOf(last, index, limits);
    const taken = found.filter((path) => sharesRoot(path, last, index));
    const bannedLanes = new Set(taken.flatMap((path) => path.lanes[index]?.id ?? []));
    const bannedPorts = new Set(root.ports.slice(0, -1));
    return shortestPath(network, { path: root, bannedPorts, bannedLanes }, to, limits) ?? [];
  });
}

function rootOf(path: Path, lanes: number, limits: Limits): Path {
  const from = emptyPath(path.ports[0] as string);
  return path.lanes.slice(0, lanes).reduce((root, lane) => extend(root, lane, limits), from);
}

const sharesRoot = (path: Path, other: Path, lanes: number): boolean =>
  other.lanes.slice(0, lanes).every((lane, index) => path.lanes[index]?.id === lane.id);
