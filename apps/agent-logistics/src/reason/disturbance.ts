import type { Network, Passage } from '../network/network.js';
import { effectOf, isOver, kindOf, type DisturbanceKind } from './kinds.js';
import { foldText, namedPassages, namedPlaces } from './places.js';

/** What a reason in free text says about the network. */
export interface Disturbance {
  /** What happened; `other` when the text does not say. */
  readonly kind: DisturbanceKind;
  /** Ports no ship can use, sorted by LOCODE. */
  readonly closedPorts: readonly string[];
  /** Ports that cost extra days. */
  readonly slowedPorts: ReadonlyMap<string, number>;
  readonly closedPassages: readonly Passage[];
}

/** Characters of a reason that are read. */
export const reasonCharsMax = 2_000;
/** Sentences of a reason that are read. */
export const sentencesMax = 20;

/**
 * Reads a reason such as `Port strike at Rotterdam`. Each sentence stands for itself: its words say what happened,
 * its places where. A place that is only on the way (`via Antwerp`, `bound for Hamburg`) is not disturbed, and a
 * sentence that says it is over (`Rotterdam has reopened`) disturbs nothing. Unknown kinds close the ports they name:
 * to plan round a port that works costs less than to plan through one that does not.
 */
export function readReason(reason: string, network: Network): Disturbance {
  const closed = new Set<string>();
  const slowed = new Map<string, number>();
  const passages = new Set<Passage>();
  let kind: DisturbanceKind = 'other';
  for (const sentence of sentencesOf(reason)) {
    const words = foldText(sentence);
    if (isOver(words)) continue;
    const here = kindOf(words);
    if (kind === 'other') kind = here;
    const effect = effectOf(here);
    for (const port of namedPlaces(sentence, network, effect.wholeCountry)) {
      if (effect.closes) closed.add(port);
      else slowed.set(port, Math.max(effect.extraDays, slowed.get(port) ?? 0));
    }
    for (const one of namedPassages(words)) passages.add(one);
  }
  for (const port of closed) slowed.delete(port);
  return { kind, closedPorts: [...closed].sort(), slowedPorts: slowed, closedPassages: [...passages].sort() };
}

const sentencesOf = (reason: string): string[] =>
  reason
    .slice(0, reasonCharsMax)
    .split(/[.;\n](?=\s|$)|[;\n]/)
    .filter((sentence) => sentence.trim() !== '')
    .slice(0, sentencesMax);
