import { errorCodeOf, SignalboxError } from '@signalbox/errors';
import { keepHandled } from '../chunk/activity-base.js';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import { planFailure, wakeUpRecord, type FailurePlan } from '../chunk/failure.js';
import type { KeyCell, KeyCells } from '../chunk/key-cells.js';
import type { PendingRow, RawRecord } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { STARTS_MAX } from './act.js';
import type { RowTransaction } from './row-transaction.js';
import { notRun, runRow, type RowResult } from './run-row.js';

/** One row's share of a transaction. */
export interface Work extends Pick<RowTransaction, 'effects' | 'settlement' | 'now'> {
  readonly cells: KeyCells;
  readonly cell: KeyCell;
  readonly ports: Pick<RunnerPorts, 'context'>;
}

/** Handles one row; false when it stays and those behind it must wait. */
export function workOne(row: PendingRow, work: Work): boolean {
  const { effects, settlement, cells, cell, now, ports } = work;
  if (row.starts > STARTS_MAX) return endProcessKiller(row, work);
  const before = cell.revision;
  const run = runRow(row, cells, now, ports.context);
  if (run.result.kind === 'handled') {
    keepHandled(
      effects,
      run.result,
      run.base,
      row.attempts + 1,
      cell.revision !== before,
      row.kind === 'timer' ? 'fired' : 'handled',
    );
    settlement.ended.push(row.id);
    return true;
  }
  const plan = planFailure(run.result.thrown, run.policy, row.attempts, now);
  if (plan.kind === 'again') return waitAgain(row, run, run.result.thrown, plan, work);
  return giveUp(row, run, run.result.thrown, work);
}

/** Ends a row for a reason that is not its handler's: a dead letter; false when its key stays blocked. */
export function refuseRow(row: PendingRow, thrown: unknown, work: Work): boolean {
  return giveUp(row, notRun(row, thrown, work.ports.context), thrown, work);
}

function waitAgain(
  row: PendingRow,
  { base }: RowResult,
  thrown: unknown,
  plan: Extract<FailurePlan, { kind: 'again' }>,
  { effects, settlement, cell, ports }: Work,
): false {
  const { dueAt, claimAt, attempts } = plan;
  const error = { errorCode: errorCodeOf(thrown), errorMessage: messageOf(thrown) };
  // A firing has no record a topic could carry: it waits in the database alone.
  const claim = row.record && row.handle ? claimAt : dueAt;
  settlement.postponed.push({ id: row.id, dueAt, claimAt: claim, attempts, ...error });
  if (row.record && row.handle) {
    effects.events.push(
      ...wakeUpRecord(ports.context.agent.name, row.handler, row.handle, row.record, plan, thrown),
    );
  }
  effects.activity.push({
    outcome: 'failed',
    attempt: row.attempts + 1,
    error_code: error.errorCode,
    note: error.errorMessage,
    ...base,
  });
  if (row.isOrdered) cell.blocked = true;
  return false;
}

function giveUp(
  row: PendingRow,
  { base, policy, event }: RowResult,
  thrown: unknown,
  { effects, settlement, cell, now, ports }: Work,
): boolean {
  settlement.ended.push(row.id);
  const failed = {
    record: row.record ?? firingRecord(row, now),
    handler: row.handler || base.handler,
    key: row.key,
    attempts: row.attempts + 1,
    sequence: row.sequence,
    redrives: row.redrives,
    firstFailedAt: row.firstFailedAt ?? now,
    now,
  };
  const story = event ? { event } : row.timer ? { firing: base } : {};
  addDeadLetter(effects, ports.context.agent, { ...failed, ...story }, thrown);
  if (policy.afterDeadLetter !== 'stay-blocked' || !row.isOrdered) return true;
  cell.blocked = true;
  return false;
}

function endProcessKiller(row: PendingRow, work: Work): boolean {
  const thrown = new SignalboxError(
    'process_died',
    `the process ended ${row.starts - 1} times while it handled this`,
  );
  return refuseRow(row, thrown, work);
}

/** A firing as a record, so that its dead letter can be shown and redriven like any other. */
export function firingRecord(row: PendingRow, now: Date): RawRecord {
  return {
    topic: `timer:${row.timer?.name ?? ''}`,
    partition: 0,
    offset: row.id,
    timestampMs: now.getTime(),
    key: Buffer.from(row.key.value),
    value: Buffer.from(JSON.stringify(row.timer)),
    headers: {},
  };
}
