import { rfc3339Ms, type DataOf, type routesRanked } from '@signalbox/contracts';
import { lanesPerRouteMax, routesMax } from '../limits.js';
import { otherEnd, type Lane, type Network } from '../network/network.js';
import { readReason, type Disturbance } from '../reason/disturbance.js';
import { kShortestPaths } from '../routes/k-shortest-paths.js';
import { addDays, lanesBetween, positionAt, type Position } from '../routes/position.js';
import { byDays, byValue, transferCostUsd, transferDays, type LaneScore } from '../routes/score.js';
import { emptyPath, shortestPath, type Limits, type Path } from '../routes/shortest-path.js';
import type { DelayFacts } from '../state/parts.js';
import type { Booking } from '../state/shipment.state.js';
import { isoOf } from '../texts/dates.js';

export type RankedRoutes = DataOf<typeof routesRanked>;

/** Ways with the same ports as the plan, one for each mode of its lanes, that the search may bring up as well. */
const plannedWaysMax = 3;

/**
 * The ways a late shipment can still go, best first (at most 5), or undefined when its ports are not in the network.
 * The planned way is not among them: its new date is what the delay reports. A way starts at the last planned port
 * the shipment left, and the days since then count: a ship turns off the common way to its next port. A next port that
 * it would already have reached lies behind it and is left out.
 */
export function rankRoutes(booking: Booking, facts: DelayFacts, network: Network): RankedRoutes | undefined {
  const observedAtMs = rfc3339Ms(facts.observed_at);
  const position = positionAt(booking, observedAtMs, network);
  const { from } = position;
  const to = booking.destination;
  if (!network.ports.has(from) || !network.ports.has(to)) return undefined;
  const trouble = readReason(facts.reason, network);
  const limits = limitsFor(position, to, trouble, network, byValue, observedAtMs);
  const routes = kShortestPaths(network, { from, to }, routesMax + plannedWaysMax, limits)
    .filter((path) => path.ports.join() !== position.planned.join())
    .map((path) => routeOf(path, position.leavesAtMs, limits))
    .slice(0, routesMax)
    .map((route, index) => ({ rank: index + 1, ...route }));
  return { shipment_id: facts.shipment_id, from, to, closed_ports: [...trouble.closedPorts], routes };
}

/** Days of the quickest way between two ports despite a disturbance, or undefined when there is none. */
export function quickestDays(
  from: string,
  to: string,
  trouble: Disturbance,
  network: Network,
): number | undefined {
  const position = { from, leavesAtMs: 0, underWay: false, planned: [from, to] };
  const limits = limitsFor(position, to, trouble, network, byDays);
  const start = { path: emptyPath(from), bannedPorts: new Set<string>(), bannedLanes: new Set<number>() };
  return from === to ? 0 : shortestPath(network, start, to, limits)?.score;
}

/**
 * What the disturbance leaves open. A closed port has no ships and is never passed through; as origin or destination
 * it can still be reached by road and rail. What is under way goes on by the mode it travels with.
 */
function limitsFor(
  position: Position,
  to: string,
  trouble: Disturbance,
  network: Network,
  score: LaneScore,
  atMs = 0,
): Limits {
  const closed = new Set(trouble.closedPorts);
  const passages = new Set<string>(trouble.closedPassages);
  const firstModes = position.underWay ? modesOf(position, network) : undefined;
  const allows = (lane: Lane, fromPort: string): boolean => {
    const next = otherEnd(lane, fromPort);
    const leaving = fromPort === position.from;
    if (lane.passage && passages.has(lane.passage)) return false;
    if (leaving && firstModes && !firstModes.has(lane.mode)) return false;
    if (leaving && position.underWay && addDays(position.leavesAtMs, lane.days) <= atMs) return false;
    if (closed.has(next) && (next !== to || lane.mode === 'sea')) return false;
    return !(closed.has(fromPort) && lane.mode === 'sea' && !(leaving && position.underWay));
  };
  const extraDays = (port: string): number => trouble.slowedPorts.get(port) ?? 0;
  return { allows, extraDays, score, lanesMax: lanesPerRouteMax };
}

function modesOf(position: Position, network: Network): ReadonlySet<string> {
  const next = position.planned[1];
  const lanes = next === undefined ? [] : lanesBetween(network, position.from, next);
  const bySea = lanes.length === 0 || lanes.some((lane) => lane.mode === 'sea');
  return new Set(bySea ? ['sea'] : lanes.map((lane) => lane.mode));
}

function routeOf(path: Path, leavesAtMs: number, limits: Limits) {
  const transfers = path.lanes.length - 1;
  const extra = path.ports.slice(1).reduce((sum, port) => sum + limits.extraDays(port), 0);
  const days = path.lanes.reduce((sum, lane) => sum + lane.days, transfers * transferDays + extra);
  const cost = path.lanes.reduce((sum, lane) => sum + lane.cost_usd, transfers * transferCostUsd);
  return {
    ports: [...path.ports],
    modes: path.lanes.map((lane) => lane.mode),
    days,
    cost_usd: cost,
    eta: isoOf(addDays(leavesAtMs, days)),
  };
}
