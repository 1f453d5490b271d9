/** What can happen to a port, as far as routes care. */
export type DisturbanceKind =
  'strike' | 'closure' | 'storm' | 'accident' | 'congestion' | 'customs' | 'other';

/** What a kind does to the ports its sentence names. */
export interface Effect {
  readonly closes: boolean;
  /** Days lost at a port that stays open. */
  readonly extraDays: number;
  /** Does naming a country mean all its ports? */
  readonly wholeCountry: boolean;
}

// The order is that of weight: a strike that leads to congestion counts as a strike.
const words: readonly (readonly [DisturbanceKind, RegExp])[] = [
  ['strike', /\b(strikes?|striking|walk-?outs?|industrial action|lock-?outs?|labou?r (dispute|unrest))\b/],
  [
    'closure',
    /\b(clos(ed|ures?|ing|es)|shut(down|s)?|shut down|blocked|blockade|suspended|lock-?down|quarantine|sanctions?|out of service)\b/,
  ],
  [
    'storm',
    /\b(storms?|hurricanes?|typhoons?|cyclones?|gales?|floods?|flooding|blizzard|fog|ice|weather|tsunami|earthquakes?)\b/,
  ],
  [
    'accident',
    /\b(accident|collision|collapsed?|fires?|explosion|aground|grounding|attacks?|cyber-?attack|power (cut|failure|outage))\b/,
  ],
  [
    'congestion',
    /\b(congest(ed|ion)|backlogs?|queues?|overcrowded|crowded|berth|crane|delays? at|shortage of (staff|drivers|containers|chassis))\b/,
  ],
  ['customs', /\b(customs|regulations?|inspections?|clearance|tariffs?|paperwork|documents?|permits?)\b/],
];

const effects: Readonly<Record<DisturbanceKind, Effect>> = {
  strike: { closes: true, extraDays: 0, wholeCountry: true },
  closure: { closes: true, extraDays: 0, wholeCountry: false },
  storm: { closes: true, extraDays: 0, wholeCountry: false },
  accident: { closes: true, extraDays: 0, wholeCountry: false },
  congestion: { closes: false, extraDays: 3, wholeCountry: false },
  customs: { closes: false, extraDays: 2, wholeCountry: true },
  other: { closes: true, extraDays: 0, wholeCountry: false },
};

/** The kind a sentence in folded text speaks of. */
export const kindOf = (folded: string): DisturbanceKind =>
  words.find(([, pattern]) => pattern.test(folded))?.[0] ?? 'other';

export const effectOf = (kind: DisturbanceKind): Effect => effects[kind];

/** Does the sentence say that the trouble has ended? */
export const isOver = (folded: string): boolean =>
  /\b(re-?open(s|ed|ing)?|(is|was|are|been) (over|lifted|called off)|has ended|have ended|ended (on|yesterday|today)|resumed|back to normal)\b/.test(
    folded,
  ) && !/\b(not|until|before|yet|expected)\b/.test(folded);
