import { errorCodeOf } from '@signalbox/errors';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import { causeOf } from '../chunk/call-handler.js';
import { KeyCells } from '../chunk/key-cells.js';
import { applyOutputs, type Applied } from '../chunk/outputs.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { RawRecord } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { ActResult, Job } from './act.js';
import { withRow, type RowTransaction } from './row-transaction.js';

type Ended = Exclude<ActResult, { kind: 'lost' }>;

/**
 * Writes how an attempt ended: ledger, result events, activity and the job's row, in one transaction. Undefined when
 * the lease was lost meanwhile: then another process has the job and nothing is written.
 */
export function finishJob(job: Job, result: Ended, ports: RunnerPorts): Promise<ReservedRows | undefined> {
  return withRow(job.row, ports, async (open) => {
    const cells = new KeyCells(open.locked, []);
    if (result.kind === 'again') await tryAgain(job, result, open);
    else if (result.kind === 'done') await done(job, result.outputs, open, cells, ports);
    else await giveUp(job, result, open, cells, ports);
    return cells;
  });
}

async function tryAgain(
  job: Job,
  { error, afterMs, counts }: Extract<Ended, { kind: 'again' }>,
  { tx, effects, now }: RowTransaction,
): Promise<void> {
  const { row, idempotencyKey } = job;
  const errorMessage = messageOf(error);
  await tx.endAct({ idempotencyKey, token: row.lease.token, status: 'failed', outcome: errorMessage });
  const dueAt = new Date(now.getTime() + afterMs);
  const attempts = row.attempts + (counts ? 1 : 0);
  const errorCode = errorCodeOf(error);
  await tx.postponePending(row.id, { dueAt, claimAt: dueAt, attempts, errorCode, errorMessage });
  effects.activity.push({ ...activityOf(job), outcome: 'failed', error_code: errorCode, note: errorMessage });
}

/** The act is done, whatever its results are worth: a result that breaks its contract is no reason to act again. */
async function done(
  job: Job,
  outputs: Extract<Ended, { kind: 'done' }>['outputs'],
  open: RowTransaction,
  cells: KeyCells,
  ports: RunnerPorts,
): Promise<void> {
  const { tx, effects } = open;
  const { row, idempotencyKey } = job;
  const { applied, refusal } = apply(job, outputs, open, cells, ports);
  await tx.deletePending(row.id);
  const outcome = applied.note ?? (refusal === undefined ? '' : messageOf(refusal));
  await tx.endAct({ idempotencyKey, token: row.lease.token, status: 'done', outcome: printable(outcome) });
  if (refusal !== undefined) return addLetter(job, refusal, open, ports);
  effects.events.push(...applied.events);
  const noted = applied.note === undefined ? {} : { note: applied.note };
  effects.activity.push({ ...activityOf(job), ...noted, outcome: 'performed', outputs: applied.emitted });
}

async function giveUp(
  job: Job,
  { error, outputs }: Extract<Ended, { kind: 'given_up' }>,
  open: RowTransaction,
  cells: KeyCells,
  ports: RunnerPorts,
): Promise<void> {
  const { tx, effects } = open;
  const { row, idempotencyKey } = job;
  await tx.deletePending(row.id);
  await tx.endAct({ idempotencyKey, token: row.lease.token, status: 'given_up', outcome: messageOf(error) });
  effects.events.push(...apply(job, outputs, open, cells, ports).applied.events);
  addLetter(job, error, open, ports);
}

/** What the handler's outputs amount to, or why they amount to nothing. */
function apply(
  { row, event, handler }: Job,
  outputs: Extract<Ended, { kind: 'done' }>['outputs'],
  { now }: RowTransaction,
  cells: KeyCells,
  { context }: RunnerPorts,
): { readonly applied: Applied; readonly refusal?: unknown } {
  const cell = cells.cell(row.key);
  const restore = cell.checkpoint();
  try {
    const cause = causeOf(event, handler.name, context.agent.name, now);
    return { applied: applyOutputs(outputs, cause, { key: row.key, cell, state: undefined }, context.agent) };
  } catch (refusal) {
    restore();
    return { applied: { events: [], timers: [], emitted: [] }, refusal };
  }
}

function addLetter(
  job: Job,
  error: unknown,
  { effects, now }: RowTransaction,
  { context }: RunnerPorts,
): void {
  const { row, event, handler } = job;
  const failed = {
    record: row.record as RawRecord,
    event,
    handler: handler.name,
    key: row.key,
    attempts: row.attempts + 1,
    sequence: row.sequence,
    redrives: row.redrives,
    firstFailedAt: row.firstFailedAt ?? now,
    now,
  };
  addDeadLetter(effects, context.agent, failed, error);
}

/** PostgreSQL's text holds no NUL. */
const printable = (text: string): string => text.replaceAll('\u0000', '\ufffd');

const activityOf = ({ event, handler, row }: Job) => ({
  event_id: event.event_id,
  source: event.metadata.source_service,
  event_type: event.event_type,
  correlation_id: event.metadata.correlation_id,
  handler: handler.name,
  attempt: row.attempts + 1,
});
