import { rfc3339Ms, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError, errorCodeOf } from '@signalbox/errors';
import { defaultRetryPolicy } from '../handlers.js';
import type { PendingInsert } from '../ports/store.js';
import type { AnyDecide, AnyPerform } from '../registry.js';
import { activityBase, keepHandled } from './activity-base.js';
import { callDecide } from './call-handler.js';
import type { ChunkRun, EventItem, HandlerUnit } from './chunk.js';
import type { StepContext } from './context.js';
import { addDeadLetter, messageOf } from './dead-letters.js';
import { NEWER_RETRY_MS, planFailure, wakeUpRecord, workHandle } from './failure.js';
import type { KeyCell, KeyCells } from './key-cells.js';
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
  const { handler, key } = unit;
  const now = openedAt(run);
  const cells = run.cells as KeyCells;
  const cell = cells.cell(key);
  const base = activityBase(item.event, handler.name);
  if (isTooOld(handler.maxAgeMs, item.event, now)) {
    run.effects.activity.push({ ...base, outcome: 'skipped', note: `older than ${handler.maxAgeMs} ms` });
    return;
  }
  if (handler.kind === 'perform') {
    if (item.newer) return settleNewerRequest(run, context, item, unit, item.newer);
    run.effects.pending.push({ kind: 'job', dueAt: now, claimAt: now, ...workOf(run, context, item, unit) });
    run.effects.activity.push({ ...base, outcome: 'handled', note: 'queued' });
    return;
  }
  if (cell.blocked && isOrdered(handler)) {
    run.effects.pending.push({
      kind: 'parked',
      dueAt: null,
      claimAt: null,
      ...workOf(run, context, item, unit),
    });
    run.effects.activity.push({ ...base, outcome: 'parked' });
    return;
  }
  if (item.newer) return settleFailure(run, context, item, unit, cell, item.newer);
  const before = cell.revision;
  const result = callDecide(handler, item.event, key, cells, now, context);
  if (result.kind === 'handled') keepHandled(run.effects, result, base, 1, cell.revision !== before);
  else settleFailure(run, context, item, unit, cell, result.thrown);
}

/** A first failure: the event waits for its next attempt, and its key with it; or it is a dead letter at once. */
function settleFailure(
  run: ChunkRun,
  context: StepContext,
  item: EventItem,
  unit: HandlerUnit,
  cell: KeyCell,
  thrown: unknown,
): void {
  const handler = unit.handler as AnyDecide;
  const policy = handler.retry ?? defaultRetryPolicy;
  const now = openedAt(run);
  const plan = planFailure(thrown, policy, 0, now);
  const work = workOf(run, context, item, unit);
  if (plan.kind === 'dead_letter') {
    const failed = {
      event: item.event,
      handler: handler.name,
      key: unit.key,
      attempts: 1,
      firstFailedAt: now,
      now,
    };
    addDeadLetter(run.effects, context.agent, { ...failed, record: work.record }, thrown);
    if (policy.afterDeadLetter === 'stay-blocked' && isOrdered(handler)) cell.blocked = true;
    return;
  }
  const error = { errorCode: errorCodeOf(thrown), errorMessage: messageOf(thrown) };
  const { dueAt, claimAt, attempts } = plan;
  // Spread last where it may be: each new field after it costs about a microsecond.
  run.effects.pending.push({ kind: 'retry', dueAt, claimAt, ...error, ...work, attempts });
  run.effects.events.push(
    ...wakeUpRecord(context.agent.name, handler.name, work.handle, work.record, plan, thrown),
  );
  run.effects.activity.push({
    outcome: 'failed',
    attempt: 1,
    error_code: error.errorCode,
    note: error.errorMessage,
    ...activityBase(item.event, handler.name),
  });
  if (isOrdered(handler)) cell.blocked = true;
}

/** A request this connector can't read yet: a job that is due when newer code may have come by. */
function settleNewerRequest(
  run: ChunkRun,
  context: StepContext,
  item: EventItem,
  unit: HandlerUnit,
  newer: SignalboxError,
): void {
  const dueAt = new Date(openedAt(run).getTime() + NEWER_RETRY_MS);
  const error = { errorCode: newer.code, errorMessage: newer.message };
  const work = { ...workOf(run, context, item, unit), ...error };
  run.effects.pending.push({ ...work, kind: 'job', dueAt, claimAt: dueAt });
  const base = activityBase(item.event, unit.handler.name);
  run.effects.activity.push({ ...base, outcome: 'failed', error_code: newer.code, note: newer.message });
}

type Work = Omit<PendingInsert, 'kind' | 'dueAt' | 'claimAt'>;

function workOf(run: ChunkRun, context: StepContext, item: EventItem, { handler, key }: HandlerUnit): Work {
  const { event } = item;
  const source = event.metadata.source_service;
  return {
    handle: workHandle(context.agent.name, handler.name, source, event.event_id),
    handler: handler.name,
    key,
    source,
    eventId: event.event_id,
    attempts: 0,
    isOrdered: isOrdered(handler),
    record: rawRecord(run.input.partition, item.record),
    ...(handler.kind === 'perform' ? { destination: item.newer ? '' : handler.destination(event) } : {}),
  };
}

const isOrdered = (handler: AnyDecide | AnyPerform): boolean =>
  handler.kind === 'decide' && (handler.ordering ?? 'key') === 'key';

const isTooOld = (maxAgeMs: number | undefined, event: EventEnvelope, now: Date): boolean =>
  maxAgeMs !== undefined && now.getTime() - rfc3339Ms(event.timestamp) > maxAgeMs;

function openedAt(run: ChunkRun): Date {
  if (!run.opened) throw new SignalboxError('internal', 'decide runs after fence');
  return run.opened.now;
}
