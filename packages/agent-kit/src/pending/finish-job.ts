import { errorCodeOf } from '@signalbox/errors';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import { causeOf } from '../chunk/call-handler.js';
import { KeyCells } from '../chunk/key-cells.js';
import { applyOutputs, type Applied } from '../chunk/outputs.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { RawRecord } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { ActResult, Job } from './act.js';
import { withRows, type RowTransaction } from './row-transaction.js';

/** How a job's attempt ended, for the database. */
export interface EndedJob {
  readonly job: Job;
  readonly result: Exclude<ActResult, { kind: 'lost' }>;
}
type Ended = EndedJob['result'];

/** One job's share of the transaction. */
type Open = Pick<RowTransaction, 'effects' | 'settlement' | 'now'>;

/**
 * Writes how attempts ended: ledger, result events, activity and the jobs' rows, in one transaction. A job whose lease
 * was lost meanwhile is left out, another process has it; undefined when all were.
 */
export function finishJobs(
  ended: readonly EndedJob[],
  ports: RunnerPorts,
): Promise<ReservedRows | undefined> {
  const byRow = new Map(ended.map((one) => [one.job.row.id, one]));
  const rows = ended.map(({ job }) => job.row);
  return withRows(rows, ports, async (open) => {
    const cells = new KeyCells(open.locked, []);
    for (const { id } of open.rows) finish(byRow.get(id) as EndedJob, open, cells, ports);
    return cells;
  });
}

function finish({ job, result }: EndedJob, open: Open, cells: KeyCells, ports: RunnerPorts): void {
  if (result.kind === 'again') tryAgain(job, result, open);
  else if (result.kind === 'done') done(job, result.outputs, open, cells, ports);
  else giveUp(job, result, open, cells, ports);
}

function tryAgain(
  job: Job,
  { error, afterMs, counts }: Extract<Ended, { kind: 'again' }>,
  { effects, settlement, now }: Open,
): void {
  const { row, idempotencyKey } = job;
  const errorMessage = messageOf(error);
  settlement.acts.push({ idempotencyKey, token: row.lease.token, status: 'failed', outcome: errorMessage });
  const dueAt = new Date(now.getTime() + afterMs);
  const attempts = row.attempts + (counts ? 1 : 0);
  const errorCode = errorCodeOf(error);
  settlement.postponed.push({ id: row.id, dueAt, claimAt: dueAt, attempts, errorCode, errorMessage });
  effects.activity.push({ ...activityOf(job), outcome: 'failed', error_code: errorCode, note: errorMessage });
}

/** The act is done, whatever its results are worth: a result that breaks its contract is no reason to act again. */
function done(
  job: Job,
  outputs: Extract<Ended, { kind: 'done' }>['outputs'],
  open: Open,
  cells: KeyCells,
  ports: RunnerPorts,
): void {
  const { effects, settlement } = open;
  const { row, idempotencyKey } = job;
  const { applied, refusal } = apply(job, outputs, open, cells, ports);
  settlement.ended.push(row.id);
  const outcome = applied.note ?? (refusal === undefined ? '' : messageOf(refusal));
  settlement.acts.push({
    idempotencyKey,
    token: row.lease.token,
    status: 'done',
    outcome: printable(outcome),
  });
  if (refusal !== undefined) return addLetter(job, refusal, open, ports);
  effects.events.push(...applied.events);
  const noted = applied.note === undefined ? {} : { note: applied.note };
  effects.activity.push({ ...activityOf(job), ...noted, outcome: 'performed', outputs: applied.emitted });
}

function giveUp(
  job: Job,
  { error, outputs }: Extract<Ended, { kind: 'given_up' }>,
  open: Open,
  cells: KeyCells,
  ports: RunnerPorts,
): void {
  const { effects, settlement } = open;
  const { row, idempotencyKey } = job;
  settlement.ended.push(row.id);
  const outcome = messageOf(error);
  settlement.acts.push({ idempotencyKey, token: row.lease.token, status: 'given_up', outcome });
  effects.events.push(...apply(job, outputs, open, cells, ports).applied.events);
  addLetter(job, error, open, ports);
}

/** What the handler's outputs amount to, or why they amount to nothing. */
function apply(
  { row, event, handler }: Job,
  outputs: Extract<Ended, { kind: 'done' }>['outputs'],
  { now }: Open,
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

function addLetter(job: Job, error: unknown, { effects, now }: Open, { context }: RunnerPorts): void {
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
