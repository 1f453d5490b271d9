import type { EventEnvelope } from '@signalbox/contracts';
import { usageRecorded } from '@signalbox/contracts';
import type { SeededRandom } from '@signalbox/test-kit';

export const KEYS = ['ada', 'ben', 'cyd', 'dee'] as const;
export const TIMERS = ['a', 'b'] as const;

/** How the deciding handler of an event behaves; `at` counts from the event's own time, in milliseconds. */
export type Fate =
  | { readonly kind: 'well' }
  | { readonly kind: 'fails_until'; readonly afterMs: number }
  | { readonly kind: 'fatal' }
  | { readonly kind: 'never' };

/** What an event makes the agent do. */
export interface Script {
  readonly seq: number;
  readonly fate: Fate;
  /** Failures of the handler that keeps no order. */
  readonly tallyFate: Fate;
  readonly act?: 'well' | 'flaky' | 'refused';
  readonly setTimer?: { readonly name: string; readonly inMs: number };
  readonly cancelTimer?: string;
}

export interface PlannedEvent {
  readonly id: string;
  readonly key: string;
  readonly atMs: number;
  readonly script: Script;
  /** Sent once more, unchanged, this much later. */
  readonly repeatAfterMs?: number;
}

/** The sender's events of one run. */
export function planEvents(random: SeededRandom, startMs: number, count: number): PlannedEvent[] {
  let atMs = startMs;
  return Array.from({ length: count }, (_none, seq) => {
    atMs += random.chance(0.1) ? random.below(1_500) : random.below(60);
    const timer = TIMERS[random.below(TIMERS.length)] as string;
    const roll = random.fraction();
    return {
      id: `event-${seq}`,
      key: KEYS[random.below(KEYS.length)] as string,
      atMs,
      ...(random.chance(0.1) ? { repeatAfterMs: random.below(6_000) } : {}),
      script: {
        seq,
        fate: fateOf(random, 0.1),
        tallyFate: fateOf(random, 0.08),
        ...(random.chance(0.25) ? { act: actOf(random) } : {}),
        ...(roll < 0.2 ? { setTimer: { name: timer, inMs: random.below(9_000) } } : {}),
        ...(roll >= 0.2 && roll < 0.35 ? { cancelTimer: timer } : {}),
      },
    };
  });
}

function fateOf(random: SeededRandom, failing: number): Fate {
  const roll = random.fraction() / failing;
  if (roll >= 1) return { kind: 'well' };
  if (roll < 0.12) return { kind: 'fatal' };
  if (roll < 0.45) return { kind: 'never' };
  return { kind: 'fails_until', afterMs: random.below(6_000) };
}

const actOf = (random: SeededRandom): NonNullable<Script['act']> =>
  random.chance(0.1) ? 'refused' : random.chance(0.4) ? 'flaky' : 'well';

/** The event as its sender publishes it. */
export const envelopeOf = ({ id, key, atMs, script }: PlannedEvent): EventEnvelope => ({
  event_id: id,
  event_type: usageRecorded.type,
  timestamp: new Date(atMs).toISOString(),
  data: { user_id: key, feature: 'f', quantity: 1, unit: 'call', script },
  metadata: { source_service: 'sender', correlation_id: id, schema_version: usageRecorded.version },
});
