import { internalTopic } from '@signalbox/contracts';
import type { RunnerPorts } from '../runner/ports.js';

/** A timer waits at most this long for the events that were published before it was due. */
const WAIT_MS_MAX = 300_000;
/** From the begin of one look to the next: doubled as long as the agent lags behind. */
const LOOK_EVERY_MS_MIN = 50;
const LOOK_EVERY_MS_MAX = 1_000;

interface Ends {
  readonly at: Date;
  readonly byPartition: ReadonlyMap<string, bigint>;
}

/**
 * Knows up to which time everything published to the agent's inputs is handled. After an outage the resolution that
 * waits in a topic must count before the escalation it cancels: a timer fires only when its due time is behind that.
 */
export class CaughtUp {
  private pending: Ends | undefined;
  private reachedUntil: Date | null = null;
  private lastLookMs = -Infinity;
  private lookEveryMs = LOOK_EVERY_MS_MIN;
  private looking: Promise<void> | undefined;

  /** @param onAdvance called when `until` has moved. */
  constructor(
    private readonly ports: RunnerPorts,
    private readonly onAdvance: () => void,
  ) {}

  /** Timers due up to this time may fire; null before the first look. */
  get until(): Date | null {
    return this.reachedUntil;
  }

  /** Asks the broker and the database beside the caller's work, one look at a time, at most every 50 ms. */
  lookSoon(): void {
    if (this.looking || this.msToNextLook() > 0) return;
    this.lastLookMs = this.ports.context.clock.monotonicMs();
    this.looking = this.look()
      .then((isUpToDate) => {
        this.lookEveryMs = isUpToDate ? LOOK_EVERY_MS_MIN : Math.min(this.lookEveryMs * 2, LOOK_EVERY_MS_MAX);
      })
      .catch(() => undefined) // the stores are away; the next look asks again
      .finally(() => (this.looking = undefined));
  }

  /** Milliseconds until `lookSoon` looks again. */
  msToNextLook(): number {
    if (this.looking) return LOOK_EVERY_MS_MIN;
    const sinceMs = this.ports.context.clock.monotonicMs() - this.lastLookMs;
    return Math.max(0, this.lookEveryMs - sinceMs);
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    await this.looking;
  }

  /** Whether everything published up to now is handled. */
  private async look(): Promise<boolean> {
    const { store } = this.ports;
    const now = await store.now();
    this.pending ??= await this.ends(now);
    const reached = this.pending !== undefined && (await this.isReached(this.pending));
    const before = this.reachedUntil;
    if (this.pending && reached) {
      this.advance(this.pending.at);
      this.pending = undefined;
    }
    this.advance(new Date(now.getTime() - WAIT_MS_MAX));
    if (this.reachedUntil !== before) this.onAdvance();
    return reached;
  }

  /** The ends of all inputs, looked up after `now`; undefined while the broker does not answer. */
  private async ends(now: Date): Promise<Ends | undefined> {
    const { inspector, context } = this.ports;
    try {
      const perTopic = await Promise.all(
        context.registry.topics.map(async (topic) => ({ topic, offsets: await inspector.offsets(topic) })),
      );
      const all = perTopic.flatMap(({ topic, offsets }) =>
        [...offsets].map(([id, { end }]) => [`${topic}/${id}`, end] as const),
      );
      return { at: now, byPartition: new Map(all) };
    } catch {
      return undefined; // asked again at the next look; the wait has an end
    }
  }

  private async isReached({ at, byPartition }: Ends): Promise<boolean> {
    const { store, context } = this.ports;
    const internal = internalTopic(context.agent.name);
    const { partitions, oldestInternalAt } = await store.inputProgress(context.registry.topics, internal);
    if (oldestInternalAt !== null && oldestInternalAt <= at) return false;
    const handled = new Map(
      partitions.map(({ topic, partition, nextOffset }) => [`${topic}/${partition}`, nextOffset]),
    );
    return [...byPartition].every(([place, end]) => (handled.get(place) ?? 0n) >= end);
  }

  private advance(to: Date): void {
    if (this.reachedUntil === null || to > this.reachedUntil) this.reachedUntil = to;
  }
}
