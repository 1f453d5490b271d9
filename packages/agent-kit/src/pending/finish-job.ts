import { errorCodeOf } from '@signalbox/errors';
import { addDeadLetter, messageOf } from '../chunk/dead-letters.js';
import { causeOf } from '../chunk/call-handler.js';
import { Effects } from '../chunk/effects.js';
import { KeyCells } from '../chunk/key-cells.js';
import { applyOutputs } from '../chunk/outputs.js';
import { writeEffects } from '../chunk/write.step.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { FenceResult, RawRecord, StoreTransaction } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { ActResult, Job } from './act.js';

/**
 * Writes how an attempt ended: ledger, result events, activity and the job's row, in one transaction. Undefined when
 * the lease was lost meanwhile: then another process has the job and nothing is written.
 */
export async function finishJob(
  job: Job,
  result: ActResult,
  ports: RunnerPorts,
): Promise<CommittedRow[] | undefined> {
  const { context, store } = ports;
  const tx = await store.begin();
  const effects = new Effects();
  let rows: CommittedRow[];
  try {
    const opened = await tx.openChunk();
    const cells = new KeyCells(await tx.lockKeys([job.row.key]), []);
    if (!(await tx.takePending(job.row.lease))) {
      await tx.rollback();
      return undefined;
    }
    await settle(job, result, ports, tx, effects, cells, opened);
    rows = await writeEffects({ tx, effects, acknowledged: [] }, context, { ...opened, origin: null, cells });
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  await tx.commit();
  return rows;
}

async function settle(
  job: Job,
  result: ActResult,
  ports: RunnerPorts,
  tx: StoreTransaction,
  effects: Effects,
  cells: KeyCells,
  { now }: FenceResult,
): Promise<void> {
  const { row, idempotencyKey } = job;
  const act = { idempotencyKey, token: row.lease.token };
  if (result.kind === 'again') {
    const errorMessage = messageOf(result.error);
    await tx.endAct({ ...act, status: 'failed', outcome: errorMessage });
    const dueAt = new Date(now.getTime() + result.afterMs);
    await tx.postponePending(row.id, {
      dueAt,
      claimAt: dueAt,
      attempts: row.attempts + 1,
      errorCode: errorCodeOf(result.error),
      errorMessage,
    });
    effects.activity.push({
      ...activityOf(job),
      outcome: 'failed',
      error_code: errorCodeOf(result.error),
      note: errorMessage,
    });
    return;
  }
  const applied = applyOutputs(
    result.outputs,
    causeOf(job.event, job.handler.name, ports.context.agent.name, now),
    { key: row.key, cell: cells.cell(row.key), state: undefined },
    ports.context.agent,
  );
  effects.events.push(...applied.events);
  await tx.deletePending(row.id);
  if (result.kind === 'given_up') return giveUp(job, result.error, ports, tx, effects, now);
  await tx.endAct({ ...act, status: 'done', outcome: applied.note ?? '' });
  const noted = applied.note === undefined ? {} : { note: applied.note };
  effects.activity.push({ ...activityOf(job), ...noted, outcome: 'performed', outputs: applied.emitted });
}

async function giveUp(
  job: Job,
  error: unknown,
  { context }: RunnerPorts,
  tx: StoreTransaction,
  effects: Effects,
  now: Date,
): Promise<void> {
  const { row, event, handler, idempotencyKey } = job;
  await tx.endAct({ idempotencyKey, token: row.lease.token, status: 'given_up', outcome: messageOf(error) });
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

const activityOf = ({ event, handler, row }: Job) => ({
  event_id: event.event_id,
  source: event.metadata.source_service,
  event_type: event.event_type,
  correlation_id: event.metadata.correlation_id,
  handler: handler.name,
  attempt: row.attempts + 1,
});
