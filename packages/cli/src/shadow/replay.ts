import type { IncomingRecord, ShadowAgent, ShadowDecision, ShadowTimer } from '@signalbox/agent-kit';
import { encodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { decisionId, type Pair, type RecordedDecision } from './model.js';

/** A record of an input topic. */
export interface InputRecord extends IncomingRecord {
  readonly topic: string;
}

type Item = NonNullable<ReturnType<ShadowAgent['read']>>;
type Unit = Item['units'][number];

type Work = { readonly atMs: number; readonly sequence: number; readonly production?: RecordedDecision } & (
  | { readonly kind: 'event'; readonly topic: string; readonly item: Item; readonly unit: Unit }
  | { readonly kind: 'firing' }
);

/** Production may wait this long with a timer that is due, in milliseconds: what is due later is not missed yet. */
const timerGraceMs = 300_000;

/**
 * Plays recorded events through the working copy, in the order and at the times production decided on them. Timers
 * fire when they did in production; those that production never had fire at their due time. What the agent emits to
 * itself comes from the working copy. Events from before production's first decision are left out.
 */
export class Replay {
  private readonly pairs: Pair[] = [];
  private readonly production: ReadonlyMap<string, RecordedDecision>;
  private readonly emitted = new Map<string, EventEnvelope>();
  private readonly recordedIds = new Set<string>();
  private readonly firings: ReadonlySet<string>;

  constructor(
    private readonly agent: ShadowAgent,
    private readonly name: string,
    decisions: readonly RecordedDecision[],
  ) {
    this.production = new Map(decisions.map((one) => [decisionId(one), one]));
    this.firings = new Set(decisions.filter(isFiring).map(firingId));
  }

  /** Runs everything up to `untilMs` and returns the pairs in order. */
  run(records: readonly InputRecord[], untilMs: number): Pair[] {
    const work = [...this.eventWork(records), ...this.firingWork()].filter(({ atMs }) => atMs <= untilMs);
    work.sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
    for (const one of work) {
      this.fireUnmatched(one.atMs);
      if (one.kind === 'event') this.runEvent(one);
      else this.runFiring(one);
    }
    this.fireUnmatched(untilMs - timerGraceMs);
    return this.pairs;
  }

  private eventWork(records: readonly InputRecord[]): Work[] {
    let firstMs = Infinity;
    for (const { atMs } of this.production.values()) firstMs = Math.min(firstMs, atMs);
    const seen = new Set<string>();
    return records.flatMap((record) => {
      const item = this.agent.read(record.topic, record);
      if (!item || seen.has(item.identity.toString('hex'))) return [];
      seen.add(item.identity.toString('hex'));
      this.recordedIds.add(item.event.event_id);
      return item.units.flatMap((unit): Work[] => {
        if (unit.handler.kind !== 'decide') return [];
        const production = this.production.get(unitId(item, unit));
        if (!production && record.timestampMs < firstMs) return [];
        const place = production ?? { atMs: record.timestampMs, sequence: Number.MAX_SAFE_INTEGER };
        const { atMs, sequence } = place;
        const work = { kind: 'event', atMs, sequence, topic: record.topic, item, unit } as const;
        return [production ? { ...work, production } : work];
      });
    });
  }

  private firingWork(): Work[] {
    return [...this.production.values()].filter(isFiring).map((production) => {
      const { atMs, sequence } = production;
      return { kind: 'firing', atMs, sequence, production };
    });
  }

  private runEvent({ item, unit, topic, production, atMs }: Extract<Work, { kind: 'event' }>): void {
    const isOwn = item.event.metadata.source_service === this.name;
    if (!isOwn) return this.decide(item, unit, atMs, production);
    const event = this.emitted.get(item.event.event_id);
    const own = event && this.readEmitted(topic, event);
    const ownUnit = own?.units.find(({ handler }) => handler.name === unit.handler.name);
    if (own && ownUnit) this.decide(own, ownUnit, atMs, production);
    else if (production) this.pairs.push({ atMs, production });
  }

  private decide(item: Item, unit: Unit, atMs: number, production?: RecordedDecision): void {
    this.settle(this.agent.decide(item, unit, new Date(atMs)), atMs, production);
  }

  private runFiring({ production, atMs }: Extract<Work, { kind: 'firing' }>): void {
    const timer = this.agent
      .timers()
      .find(({ name, setBy }) => production && timerId(name, setBy) === firingId(production));
    if (timer) this.settle(this.agent.fire(timer, new Date(atMs)), atMs, production);
    else if (production) this.pairs.push({ atMs, production });
  }

  /** Timers that production never fired. */
  private fireUnmatched(untilMs: number): void {
    const next = (): ShadowTimer | undefined =>
      this.agent
        .timers()
        .find(
          ({ dueAt, name, setBy }) => dueAt.getTime() <= untilMs && !this.firings.has(timerId(name, setBy)),
        );
    for (let timer = next(); timer; timer = next()) {
      this.settle(this.agent.fire(timer, timer.dueAt), timer.dueAt.getTime(), undefined);
    }
  }

  private settle(shadow: ShadowDecision, atMs: number, production: RecordedDecision | undefined): void {
    this.pairs.push(production ? { atMs, production, shadow } : { atMs, shadow });
    for (const event of shadow.outputs) {
      this.emitted.set(event.event_id, event);
      if (!this.recordedIds.has(event.event_id)) this.deliver(event, atMs);
    }
  }

  /** What only the working copy emits to its own agent is handled at once; the hop limit ends a loop. */
  private deliver(event: EventEnvelope, atMs: number): void {
    const topic = this.agent.registry.topics.find((one) => this.agent.registry.route(one, event.event_type));
    const item = topic === undefined ? undefined : this.readEmitted(topic, event);
    for (const unit of item?.units ?? []) {
      if (item && unit.handler.kind === 'decide') this.decide(item, unit, atMs);
    }
  }

  private readEmitted(topic: string, event: EventEnvelope): Item | undefined {
    // Headers only help tools; the body is the event.
    const record = { value: encodeEvent(event).value, headers: {}, key: null, offset: 0n, timestampMs: 0 };
    return this.agent.read(topic, record);
  }
}

const isFiring = ({ eventType }: RecordedDecision): boolean => eventType.startsWith('timer:');
const timerId = (name: string, { source, eventId }: { source: string; eventId: string }): string =>
  JSON.stringify([name, source, eventId]);
const firingId = (one: RecordedDecision): string => timerId(one.eventType.slice('timer:'.length), one);
const unitId = ({ event }: Item, { handler }: Unit): string =>
  decisionId({
    source: event.metadata.source_service,
    eventId: event.event_id,
    eventType: event.event_type,
    handler: handler.name,
  });
