import { currentEvent, decodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { guarded, callDecide, type CallResult } from '../chunk/call-handler.js';
import { activityBase, type ActivityBase } from '../chunk/activity-base.js';
import { readEnvelope } from '../chunk/decode.js';
import type { StepContext } from '../chunk/context.js';
import type { KeyCells } from '../chunk/key-cells.js';
import { defaultRetryPolicy, type RetryPolicy } from '../handlers.js';
import { timerCause } from '../ids.js';
import type { FiringChain, PendingRow } from '../ports/store.js';
import type { StateKey } from '../state.js';

/** What running one unfinished row led to. */
export interface RowResult {
  readonly result: CallResult;
  readonly base: ActivityBase;
  readonly policy: RetryPolicy;
  readonly event?: EventEnvelope;
}

/** Runs the handler of a retry, parked event or redrive on its stored record, or fires a timer. Throws nothing. */
export function runRow(row: PendingRow, cells: KeyCells, now: Date, context: StepContext): RowResult {
  return row.timer ? fire(row, row.timer, cells, now, context) : handle(row, cells, now, context);
}

/** Keys whose snapshot a row's handler wants to read. */
export function readsOf(row: PendingRow, context: StepContext): readonly StateKey[] {
  const handler = context.registry.handler(row.handler);
  if (!row.record || handler?.kind !== 'decide' || !handler.reads) return [];
  try {
    return handler.reads(currentEvent(handler.contract, decodeEvent(row.record)));
  } catch {
    return []; // the handler's own run meets the same error and reports it
  }
}

/** What is known of a row whose handler is not called, because of `thrown`. */
export function notRun(row: PendingRow, thrown: unknown, { registry }: StepContext): RowResult {
  const result: CallResult = { kind: 'failed', thrown };
  if (row.timer) {
    const handler = registry.timer(row.key.kind, row.timer.name);
    const base = baseOfFiring(row, row.timer, handler?.name);
    return { result, base, policy: handler?.retry ?? defaultRetryPolicy };
  }
  const handler = registry.handler(row.handler);
  const policy = handler?.retry ?? defaultRetryPolicy;
  const event = row.record ? readEnvelope(row.record) : undefined;
  if (!event) return { result, base: baseOfRow(row), policy };
  return { result, base: activityBase(event, row.handler), policy, event };
}

function handle(row: PendingRow, cells: KeyCells, now: Date, context: StepContext): RowResult {
  const handler = context.registry.handler(row.handler);
  if (!row.record || handler?.kind !== 'decide')
    return notRun(row, missing(`handler '${row.handler}'`), context);
  const { retry: policy = defaultRetryPolicy } = handler;
  let event: EventEnvelope;
  try {
    event = currentEvent(handler.contract, decodeEvent(row.record));
  } catch (thrown) {
    return notRun(row, thrown, context);
  }
  const result = callDecide(handler, event, row.key, cells, now, context);
  return { result, base: activityBase(event, handler.name), policy, event };
}

function fire(
  row: PendingRow,
  fired: NonNullable<PendingRow['timer']>,
  cells: KeyCells,
  now: Date,
  context: StepContext,
): RowResult {
  const { name, payload, setBy } = fired;
  const handler = context.registry.timer(row.key.kind, name);
  if (!handler) return notRun(row, missing(`handler for timer '${name}'`), context);
  const cell = cells.cell(row.key);
  const cause = {
    agent: context.agent.name,
    handler: handler.name,
    cause: timerCause(name, row.key.kind, row.key.value, setBy.eventId, setBy.chain?.length),
    source: setBy.source,
    eventId: setBy.eventId,
    correlationId: setBy.correlationId,
    hops: setBy.hops,
    now,
    firing: { name, next: chainAfter(setBy.chain, now) },
  };
  const timer = { name, dueAt: row.dueAt, payload, setBy: setBy.eventId, correlationId: setBy.correlationId };
  const result = guarded(cell, cause, { key: row.key, cell, state: handler.state }, context, () =>
    handler.fire({ timer, key: row.key, state: cell.read(handler.state), now }),
  );
  const base = baseOfFiring(row, fired, handler.name);
  return { result, base, policy: handler.retry ?? defaultRetryPolicy };
}

const HOUR_MS = 3_600_000;

/** The chain as the timers see it that this firing sets. */
function chainAfter(chain: FiringChain | undefined, now: Date): FiringChain {
  const { length = 0, inHour = 0, hourFromMs = now.getTime() } = chain ?? {};
  const isOver = now.getTime() - hourFromMs >= HOUR_MS;
  if (isOver) return { length: length + 1, inHour: 1, hourFromMs: now.getTime() };
  return { length: length + 1, inHour: inHour + 1, hourFromMs };
}

const missing = (what: string): SignalboxError =>
  new SignalboxError('handler_failed', `this code has no ${what}`);

const baseOfRow = (row: PendingRow): ActivityBase => ({
  event_id: row.eventId,
  source: row.source,
  event_type: row.record?.topic ?? 'timer',
  correlation_id: row.eventId,
  handler: row.handler,
});

const baseOfFiring = (
  row: PendingRow,
  { name, setBy }: NonNullable<PendingRow['timer']>,
  handler = name,
): ActivityBase => ({
  ...baseOfRow(row),
  event_type: `timer:${name}`,
  correlation_id: setBy.correlationId,
  handler,
});
