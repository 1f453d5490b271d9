import { errorCodeOf, SignalboxError } from '@signalbox/errors';
import { keepHandled } from '../chunk/activity-base.js';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import { Effects } from '../chunk/effects.js';
import { planFailure, wakeUpRecord, type FailurePlan } from '../chunk/failure.js';
import { KeyCells, type KeyCell } from '../chunk/key-cells.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { writeEffects } from '../chunk/write.step.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { KeyRow, PendingRow, RawRecord, StoreTransaction } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { readsOf, runRow, type RowResult } from './run-row.js';

/** Rows of one key handled in one transaction when its queue is released. */
const RELEASE_ROWS_MAX = 100;
/** A row that was started this often without a result ends its process. */
export const STARTS_MAX = 3;

interface Work {
  readonly tx: StoreTransaction;
  readonly effects: Effects;
  readonly cells: KeyCells;
  readonly cell: KeyCell;
  readonly now: Date;
  readonly ports: RunnerPorts;
}

/**
 * Runs a claimed retry, redrive, parked event or timer, and with it the queue behind it: in one transaction, in order,
 * under the lock of its key. Undefined when the row was cancelled, moved or taken by another process meanwhile.
 */
export async function workQueue(head: PendingRow, ports: RunnerPorts): Promise<CommittedRow[] | undefined> {
  const { context, store } = ports;
  const tx = await store.begin();
  let rows: CommittedRow[];
  try {
    const opened = await tx.openChunk();
    const locked = await tx.lockKeys([head.key]);
    await refuseToOvertake(locked, tx, context.instance);
    if (!(await tx.takePending(head.lease))) {
      await tx.rollback();
      return undefined;
    }
    const work = await open(tx, locked, head, opened.now, ports);
    await workThrough(head, work);
    const { effects, cells } = work;
    rows = await writeEffects({ tx, effects, acknowledged: [] }, context, { ...opened, origin: null, cells });
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  await tx.commit();
  return rows;
}

async function open(
  tx: StoreTransaction,
  locked: readonly KeyRow[],
  head: PendingRow,
  now: Date,
  ports: RunnerPorts,
): Promise<Work> {
  const reads = readsOf(head, ports.context);
  const cells = new KeyCells(locked, reads.length > 0 ? await tx.readKeys(reads) : []);
  return { tx, effects: new Effects(), cells, cell: cells.cell(head.key), now, ports };
}

/** Which rows run: a timer of a blocked key queues; a blocked key's queue runs in order; anything else runs alone. */
async function workThrough(head: PendingRow, work: Work): Promise<void> {
  const { tx, cell } = work;
  if (!cell.blocked || !isInQueue(head)) {
    if (head.kind === 'timer' && cell.blocked) return tx.queueTimer(head.id);
    await workOne(head, work);
    return;
  }
  const queue = await tx.queueOfKey(head.key, RELEASE_ROWS_MAX);
  for (const row of queue) {
    if (await workOne(row.id === head.id ? head : row, work)) continue;
    // A redriven event stands before the row that was due: it is the head now, and the other waits behind it.
    if (row.sequence < head.sequence) await tx.standBack(head.id);
    return;
  }
  if (!queue.some(({ id }) => id === head.id)) await tx.standBack(head.id);
  cell.blocked = await tx.makeNextDue(head.key);
}

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

async function refuseToOvertake(
  locked: readonly KeyRow[],
  tx: StoreTransaction,
  instance: string,
): Promise<void> {
  const chunks = locked.flatMap(({ lastOwner, lastChunk }) =>
    lastOwner && lastOwner !== instance ? [lastChunk] : [],
  );
  const unpublished = chunks.length > 0 ? await tx.outboxOfChunks(chunks) : [];
  if (unpublished.length > 0) throw new UnpublishedBeforeUsError(unpublished);
}
