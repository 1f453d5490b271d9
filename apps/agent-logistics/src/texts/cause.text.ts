import type { Network } from '../network/network.js';
import { readReason, type Disturbance } from '../reason/disturbance.js';
import type { DisturbanceKind } from '../reason/kinds.js';
import { listText, oneLine } from './dates.js';

const causes: Readonly<Record<Exclude<DisturbanceKind, 'other'>, string>> = {
  strike: 'a strike',
  closure: 'a closure',
  storm: 'severe weather',
  accident: 'an accident',
  congestion: 'congestion',
  customs: 'additional customs checks',
};
/** Ports named in one sentence; a whole country has more. */
const portsNamedMax = 3;

/**
 * One sentence for customers that says why goods are late. Where the reason is understood it is said in our own words;
 * otherwise the carrier's words are quoted, on one line and at most 300 characters.
 */
export function causeText(reason: string, network: Network): string {
  const trouble = readReason(reason, network);
  const ports = portNames(trouble, network);
  if (trouble.kind === 'other' || ports.length === 0 || ports.length > portsNamedMax) {
    return `The carrier gives this reason: “${oneLine(reason, 300)}”.`;
  }
  const noun = ports.length === 1 ? 'the port' : 'the ports';
  return `The cause is ${causes[trouble.kind]} at ${noun} of ${listText(ports)}.`;
}

/** Names of the ports a disturbance closes or slows down. */
export const portNames = (trouble: Disturbance, network: Network): string[] =>
  [...trouble.closedPorts, ...trouble.slowedPorts.keys()].map(
    (port) => network.ports.get(port)?.name ?? port,
  );
