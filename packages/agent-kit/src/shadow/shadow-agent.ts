import { decodeEvent, rfc3339Ms, type EventEnvelope } from '@signalbox/contracts';
import { errorCodeOf } from '@signalbox/errors';
import { callDecide, guarded, type CallResult } from '../chunk/call-handler.js';
import type { EventItem, HandlerUnit } from '../chunk/chunk.js';
import type { StepContext } from '../chunk/context.js';
import { messageOf } from '../chunk/dead-letters.js';
import { decodeRecord } from '../chunk/decode.js';
import type { KeyCells } from '../chunk/key-cells.js';
import type { AgentDefinition } from '../handlers.js';
import { timerCause } from '../ids.js';
import type { IncomingRecord } from '../ports/records.js';
import { createRegistry, type AnyDecide, type Registry } from '../registry.js';
import type { StateKey } from '../state.js';
import { ShadowMemory, type ShadowTimer } from './shadow-memory.js';

/** What the code decided for one event or timer, without anything of it having happened. */
export interface ShadowDecision {
  /** Identity of the event, or of the event that set the timer. */
  readonly source: string;
  readonly eventId: string;
  /** Event type, or `timer:<name>`. */
  readonly eventType: string;
  readonly handler: string;
  readonly outcome: 'handled' | 'fired' | 'failed' | 'skipped';
  readonly outputs: readonly EventEnvelope[];
  readonly hasChangedState: boolean;
  readonly note?: string;
  readonly errorCode?: string;
}

/**
 * Runs an agent's deciding handlers over events in memory: state and timers are scratch, outputs are returned and go
 * nowhere, and their ids are derived as in production. Time is what the caller says. Not for connectors' handlers.
 */
export class ShadowAgent {
  readonly registry: Registry;
  private readonly memory = new ShadowMemory();
  private readonly context: StepContext;

  /** Throws `agent_declaration_invalid` for a wrong declaration. */
  constructor(private readonly agent: AgentDefinition) {
    this.registry = createRegistry(agent);
    const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
    const producer = { partitionCount: () => Promise.resolve(1) };
    this.context = { agent, registry: this.registry, instance: 'shadow', clock, producer };
  }

  /** The event in a record of an input topic; undefined for what is none of this agent's. */
  read(topic: string, record: IncomingRecord): EventItem | undefined {
    const item = decodeRecord(this.registry, topic, record);
    return item.kind === 'event' ? item : undefined;
  }

  /** Decides on an event with one of its handlers. */
  decide(item: EventItem, unit: HandlerUnit, now: Date): ShadowDecision {
    const handler = unit.handler as AnyDecide;
    const { event } = item;
    const base = {
      source: event.metadata.source_service,
      eventId: event.event_id,
      eventType: event.event_type,
      handler: handler.name,
    };
    const ageMs = now.getTime() - rfc3339Ms(event.timestamp);
    if (handler.maxAgeMs !== undefined && ageMs > handler.maxAgeMs) {
      return { ...base, outcome: 'skipped', outputs: [], hasChangedState: false };
    }
    if (item.newer) return { ...base, ...failure(item.newer) };
    const run = (cells: KeyCells): CallResult =>
      callDecide(handler, event, unit.key, cells, now, this.context);
    return { ...base, ...this.settle(unit.key, unit.reads, 'handled', run) };
  }

  /** The timers that wait, the earliest first. */
  timers(): readonly ShadowTimer[] {
    return this.memory.timers();
  }

  /** Fires a timer that waits. */
  fire(timer: ShadowTimer, now: Date): ShadowDecision {
    this.memory.removeTimer(timer);
    const { key, name, dueAt, payload, setBy } = timer;
    const handler = this.registry.timer(key.kind, name);
    const base = { source: setBy.source, eventId: setBy.eventId, eventType: `timer:${name}` };
    if (!handler) {
      return {
        ...base,
        handler: name,
        ...failure(new Error(`this code has no handler for timer '${name}'`)),
      };
    }
    const cause = {
      ...setBy,
      agent: this.agent.name,
      handler: handler.name,
      cause: timerCause(name, key.kind, key.value, setBy.eventId),
      now,
    };
    const shown = { name, dueAt, payload, setBy: setBy.eventId, correlationId: setBy.correlationId };
    const run = (cells: KeyCells): CallResult => {
      const cell = cells.cell(key);
      return guarded(cell, cause, { key, cell, state: handler.state }, this.context, () =>
        handler.fire({ timer: shown, key, state: cell.read(handler.state), now }),
      );
    };
    return { ...base, handler: handler.name, ...this.settle(key, [], 'fired', run) };
  }

  private settle(
    key: StateKey,
    reads: readonly StateKey[],
    outcome: 'handled' | 'fired',
    run: (cells: KeyCells) => CallResult,
  ): Outcome {
    const cells = this.memory.cells(key, reads);
    const cell = cells.cell(key);
    const before = cell.revision;
    const result = run(cells);
    if (result.kind === 'failed') return failure(result.thrown);
    this.memory.keep(cells, result.applied.timers);
    const { events, note } = result.applied;
    return {
      outcome,
      outputs: events.map(({ record }) => decodeEvent({ ...record, timestampMs: 0 })),
      hasChangedState: cell.revision !== before,
      ...(note === undefined ? {} : { note }),
    };
  }
}

type Outcome = Pick<ShadowDecision, 'outcome' | 'outputs' | 'hasChangedState' | 'note' | 'errorCode'>;

const failure = (thrown: unknown): Outcome => ({
  outcome: 'failed',
  outputs: [],
  hasChangedState: false,
  errorCode: errorCodeOf(thrown),
  note: messageOf(thrown),
});
