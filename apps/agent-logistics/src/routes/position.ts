import { rfc3339Ms } from '@signalbox/contracts';
import { dayMs } from '../limits.js';
import { otherEnd, type Lane, type Network, type Port } from '../network/network.js';
import type { Booking } from '../state/shipment.state.js';

/** Where a shipment can be sent another way. */
export interface Position {
  /** The last planned port it left, or will leave: its origin while it waits there. */
  readonly from: string;
  readonly leavesAtMs: number;
  readonly underWay: boolean;
  /** The planned ports from `from` on. */
  readonly planned: readonly string[];
}

/**
 * Where a booked shipment is at a time. The plan's legs share the time between departure and booked arrival in
 * proportion to the quickest lane between their ports (where there is none: to the distance).
 */
export function positionAt(booking: Booking, atMs: number, network: Network): Position {
  const stops = [booking.origin, ...booking.via, booking.destination];
  const days = stops.slice(1).map((stop, index) => legDays(network, stops[index] as string, stop));
  const departsAt = rfc3339Ms(booking.departs_at);
  const scale = Math.max(0, rfc3339Ms(booking.eta) - departsAt) / days.reduce((sum, leg) => sum + leg, 0);
  let [passed, leavesAtMs, nextAtMs] = [0, departsAt, departsAt];
  for (const [index, leg] of days.entries()) {
    nextAtMs += leg * scale;
    if (nextAtMs > atMs) break;
    [passed, leavesAtMs] = [index + 1, Math.round(nextAtMs)];
  }
  const planned = stops.slice(passed);
  return { from: stops[passed] as string, leavesAtMs, underWay: departsAt <= atMs, planned };
}

/** Lanes between two ports, in the order of the data set. */
export const lanesBetween = (network: Network, a: string, b: string): Lane[] =>
  (network.lanesOf.get(a) ?? []).filter((lane) => otherEnd(lane, a) === b);

function legDays(network: Network, a: string, b: string): number {
  const days = lanesBetween(network, a, b).map((lane) => lane.days);
  if (days.length > 0) return Math.min(...days);
  const [from, to] = [network.ports.get(a), network.ports.get(b)];
  return from && to ? Math.max(0.5, distanceKm(from, to) / kmPerDay) : 1;
}

/** A container ship at 16 knots on a way a fifth longer than the straight one. */
const kmPerDay = (16 * 1.852 * 24) / 1.2;
const earthRadiusKm = 6_371;

/** Great-circle distance of two ports in kilometres. */
export function distanceKm(a: Port, b: Port): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [lat1, lat2] = [radians(a.lat), radians(b.lat)];
  const half =
    Math.sin((lat2 - lat1) / 2) ** 2 +
    Math.cos(lat1) * Math.cos(lat2) * Math.sin((radians(b.lon) - radians(a.lon)) / 2) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(half)));
}

export const addDays = (ms: number, days: number): number => ms + Math.round(days * dayMs);
