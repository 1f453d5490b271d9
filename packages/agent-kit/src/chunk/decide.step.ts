import { rfc3339Ms, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { Output } from '../outputs.js';
import type { AnyDecide } from '../registry.js';
import { eventCause } from '../ids.js';
import type { ChunkRun, EventItem, HandlerUnit } from './chunk.js';
import type { StepContext } from './context.js';
import { addDeadLetter } from './dead-letters.js';
import { NewerStateError, type KeyCell, type KeyCells } from './key-cells.js';
import { applyOutputs, type Applied, type Cause } from './outputs.js';
import { rawRecord } from './raw-record.js';

/** Runs the handlers in order. A throw discards that handler's outputs and state change, and nothing else. */
export function decide(run: ChunkRun, context: StepContext): void {
  for (const item of run.input.items) {
    if (item.kind === 'poison') settlePoison(run, context, item.record, item.error, item.event);
  }
  for (const item of run.taken) {
    for (const unit of item.units) decideUnit(run, context, item, unit);
  }
}

function settlePoison(
  run: ChunkRun,
  { agent }: StepContext,
  record: EventItem['record'],
  error: Error,
  event: EventEnvelope | undefined,
): void {
  const now = openedAt(run);
  const failed = { record: rawRecord(run.input.partition, record), attempts: 1, firstFailedAt: now, now };
  addDeadLetter(run.effects, agent, event ? { ...failed, event } : failed, error);
}

function decideUnit(run: ChunkRun, context: StepContext, item: EventItem, unit: HandlerUnit): void {
  const now = openedAt(run);
  const cells = run.cells as KeyCells;
  const cell = cells.cell(unit.key);
  const { handler } = unit;
  const base = activityOf(item.event, handler.name);
  if (isTooOld(handler.maxAgeMs, item.event, now)) {
    run.effects.activity.push({ ...base, outcome: 'skipped', note: `older than ${handler.maxAgeMs} ms` });
    return;
  }
  if (handler.kind === 'perform') return addJob(run, item, unit, now, base);
  const restore = cell.checkpoint();
  const startedMs = context.clock.monotonicMs();
  try {
    const outputs = callDecide(handler, item.event, unit, cell, cells, now);
    const applied = applyOutputs(
      outputs,
      causeOf(item.event, handler.name, context.agent.name, now),
      target(unit, cell),
      context.agent,
    );
    keep(run, applied, { ...base, duration_us: elapsedUs(context, startedMs) }, cell);
  } catch (thrown) {
    if (thrown instanceof NewerStateError) throw thrown;
    restore();
    const record = rawRecord(run.input.partition, item.record);
    const failed = {
      record,
      event: item.event,
      handler: handler.name,
      key: unit.key,
      attempts: 1,
      firstFailedAt: now,
      now,
    };
    addDeadLetter(run.effects, context.agent, failed, thrown);
  }
}

function callDecide(
  handler: AnyDecide,
  event: EventEnvelope,
  { key }: HandlerUnit,
  cell: KeyCell,
  cells: KeyCells,
  now: Date,
): readonly Output<unknown>[] {
  return handler.decide({ event, key, state: cell.read(handler.state), now, read: cells.read });
}

/** The connector's share of a chunk: a job that runs at once, outside the transaction. */
function addJob(
  run: ChunkRun,
  item: EventItem,
  { handler, key }: HandlerUnit,
  now: Date,
  base: ActivityBase,
): void {
  if (handler.kind !== 'perform') return;
  run.effects.pending.push({
    kind: 'job',
    handler: handler.name,
    key,
    source: item.event.metadata.source_service,
    eventId: item.event.event_id,
    dueAt: now,
    attempts: 0,
    record: rawRecord(run.input.partition, item.record),
    destination: handler.destination(item.event),
  });
  run.effects.activity.push({ ...base, outcome: 'handled', note: 'queued' });
}

function keep(run: ChunkRun, applied: Applied, base: ActivityBase, cell: KeyCell): void {
  run.effects.events.push(...applied.events);
  run.effects.timers.push(...applied.timers);
  run.effects.activity.push({
    ...base,
    outcome: 'handled',
    attempt: 1,
    outputs: applied.emitted,
    state_changed: cell.stateChanged,
    ...(applied.note === undefined ? {} : { note: applied.note }),
  });
}

/** Which event a line of activity is about. */
interface ActivityBase {
  readonly event_id: string;
  readonly source: string;
  readonly event_type: string;
  readonly correlation_id: string;
  readonly handler: string;
  readonly duration_us?: number;
}

function activityOf(event: EventEnvelope, handler: string): ActivityBase {
  return {
    event_id: event.event_id,
    source: event.metadata.source_service,
    event_type: event.event_type,
    correlation_id: event.metadata.correlation_id,
    handler,
  };
}

/** Where an event's outputs come from. */
export function causeOf(event: EventEnvelope, handler: string, agent: string, now: Date): Cause {
  const { source_service: source, correlation_id: correlationId, hops = 0 } = event.metadata;
  const cause = eventCause(source, event.event_id);
  return { agent, handler, cause, source, eventId: event.event_id, correlationId, hops, now };
}

const target = (unit: HandlerUnit, cell: KeyCell) => ({
  key: unit.key,
  cell,
  state: unit.handler.kind === 'decide' ? unit.handler.state : undefined,
});

const isTooOld = (maxAgeMs: number | undefined, event: EventEnvelope, now: Date): boolean =>
  maxAgeMs !== undefined && now.getTime() - rfc3339Ms(event.timestamp) > maxAgeMs;

const elapsedUs = ({ clock }: StepContext, startedMs: number): number =>
  Math.max(0, Math.round((clock.monotonicMs() - startedMs) * 1_000));

function openedAt(run: ChunkRun): Date {
  if (!run.opened) throw new SignalboxError('internal', 'decide runs after fence');
  return run.opened.now;
}
