import { errorCodeOf, SignalboxError } from '@signalbox/errors';
import { keepHandled } from '../chunk/activity-base.js';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import type { Effects } from '../chunk/effects.js';
import { planFailure, wakeUpRecord, type FailurePlan } from '../chunk/failure.js';
import { KeyCells, keyId, type KeyCell } from '../chunk/key-cells.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { PendingRow, RawRecord, StoreTransaction } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { StateKey } from '../state.js';
import { STARTS_MAX } from './act.js';
import { withRow } from './row-transaction.js';
import { readsOf, runRow, type RowResult } from './run-row.js';

/** Rows of one key handled in one transaction when its queue is released. */
const RELEASE_ROWS_MAX = 100;

interface Work {
  readonly tx: StoreTransaction;
  readonly effects: Effects;
  readonly cells: KeyCells;
  readonly cell: KeyCell;
  readonly now: Date;
  readonly ports: RunnerPorts;
}

/**
 * Runs a claimed retry, redrive, parked event or timer, and with it at most `rowsMax` rows of the queue it heads: in
 * one transaction, in order, under the lock of its key. Undefined when the row was cancelled, moved or taken by
 * another process meanwhile.
 */
export function workQueue(
  head: PendingRow,
  ports: RunnerPorts,
  rowsMax = RELEASE_ROWS_MAX,
): Promise<ReservedRows | undefined> {
  return withRow(head, ports, async ({ tx, effects, locked, now }) => {
    const isBlocked = locked[0]?.blocked === true;
    const rows = isBlocked && isInQueue(head) ? await tx.queueOfKey(head.key, rowsMax) : [head];
    const reads = distinct(rows.flatMap((row) => readsOf(row, ports.context)));
    const cells = new KeyCells(locked, reads.length > 0 ? await tx.readKeys(reads) : []);
    const work = { tx, effects, cells, cell: cells.cell(head.key), now, ports };
    if (!isBlocked) await workOne(head, work);
    else if (head.kind === 'timer' && !head.isQueued) await tx.queueTimer(head.id);
    else if (!isInQueue(head)) await workOne(head, work);
    else await release(head, rows, work);
    return cells;
  });
}

/** Ends a row whose result the database refuses: a dead letter, and its key goes on. */
export function refuseHead(
  head: PendingRow,
  refusal: unknown,
  ports: RunnerPorts,
): Promise<ReservedRows | undefined> {
  const thrown = new SignalboxError('output_invalid', `the database refused it: ${messageOf(refusal)}`);
  return withRow(head, ports, async ({ tx, effects, locked, now }) => {
    const cells = new KeyCells(locked, []);
    const work = { tx, effects, cells, cell: cells.cell(head.key), now, ports };
    const goesOn = await giveUp(head, runRowBase(head, work), thrown, work);
    if (goesOn && work.cell.blocked && isInQueue(head)) work.cell.blocked = await tx.makeNextDue(head.key);
    return cells;
  });
}

/**
 * Works the queue of a blocked key. A firing that an event before it cancels or moves does not happen. When the first
 * row of the queue is not the one that was due (a redrive came before it), that one waits for it.
 */
async function release(head: PendingRow, rows: readonly PendingRow[], work: Work): Promise<void> {
  const { tx, cell, effects } = work;
  if (rows[0] && rows[0].id !== head.id) {
    await tx.standBack(head.id);
    await tx.makeNextDue(head.key);
    return;
  }
  for (const row of rows) {
    if (row.timer && writtenTimers(effects).includes(row.timer.name)) continue;
    if (!(await workOne(row.id === head.id ? head : row, work))) return;
  }
  cell.blocked = await tx.makeNextDue(head.key, writtenTimers(effects));
}

/** All timers of a transaction on one key are that key's. */
const writtenTimers = ({ timers }: Effects): string[] => timers.map(({ name }) => name);

const distinct = (keys: readonly StateKey[]): StateKey[] => [
  ...new Map(keys.map((key) => [keyId(key), key])).values(),
];

/** Retries of handlers that keep no order stand beside the queue. */
const isInQueue = (row: PendingRow): boolean => row.isOrdered && (row.kind !== 'timer' || row.isQueued);

/** Handles one row; false when it stays and those behind it must wait. */
async function workOne(row: PendingRow, work: Work): Promise<boolean> {
  const { tx, effects, cells, cell, now, ports } = work;
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
    await tx.deletePending(row.id);
    return true;
  }
  const plan = planFailure(run.result.thrown, run.policy, row.attempts, now);
  if (plan.kind === 'again') return waitAgain(row, run, run.result.thrown, plan, work);
  return giveUp(row, run, run.result.thrown, work);
}

async function waitAgain(
  row: PendingRow,
  { base, isOrdered }: RowResult,
  thrown: unknown,
  plan: Extract<FailurePlan, { kind: 'again' }>,
  { tx, effects, cell, ports }: Work,
): Promise<false> {
  const { dueAt, claimAt, attempts } = plan;
  const error = { errorCode: errorCodeOf(thrown), errorMessage: messageOf(thrown) };
  // A firing has no record a topic could carry: it waits in the database alone.
  const claim = row.record && row.handle ? claimAt : dueAt;
  await tx.postponePending(row.id, { dueAt, claimAt: claim, attempts, ...error });
  if (row.record && row.handle) {
    effects.events.push(
      ...wakeUpRecord(ports.context.agent.name, row.handler, row.handle, row.record, plan, thrown),
    );
  }
  effects.activity.push({
    ...base,
    outcome: 'failed',
    attempt: row.attempts + 1,
    error_code: error.errorCode,
    note: error.errorMessage,
  });
  if (isOrdered) cell.blocked = true;
  return false;
}

async function giveUp(
  row: PendingRow,
  { base, policy, isOrdered, event }: RowResult,
  thrown: unknown,
  work: Work,
): Promise<boolean> {
  const { tx, effects, cell, now, ports } = work;
  await tx.deletePending(row.id);
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
  addDeadLetter(effects, ports.context.agent, event ? { ...failed, event } : failed, thrown);
  if (policy.afterDeadLetter !== 'stay-blocked' || !isOrdered) return true;
  cell.blocked = true;
  return false;
}

function endProcessKiller(row: PendingRow, work: Work): Promise<boolean> {
  const thrown = new SignalboxError(
    'process_died',
    `the process ended ${row.starts - 1} times while it handled this`,
  );
  const run = runRowBase(row, work);
  return giveUp(row, run, thrown, work);
}

const runRowBase = (row: PendingRow, { ports }: Work): RowResult => {
  const handler = ports.context.registry.handler(row.handler);
  const policy =
    handler?.kind === 'decide' && handler.retry
      ? handler.retry
      : { delaysMs: [], afterDeadLetter: 'go-on' as const };
  const base = {
    event_id: row.eventId,
    source: row.source,
    event_type: row.record?.topic ?? 'timer',
    correlation_id: row.eventId,
    handler: row.handler,
  };
  return { base, policy, isOrdered: true, result: { kind: 'failed', thrown: undefined } };
};

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
