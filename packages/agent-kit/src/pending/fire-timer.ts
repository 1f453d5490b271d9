import { Effects } from '../chunk/effects.js';
import { KeyCells, type KeyCell } from '../chunk/key-cells.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { applyOutputs, type Cause } from '../chunk/outputs.js';
import { writeEffects } from '../chunk/write.step.js';
import { timerCause } from '../ids.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { KeyRow, PendingRow, StoreTransaction } from '../ports/store.js';
import type { AnyTimer } from '../registry.js';
import type { RunnerPorts } from '../runner/ports.js';

type TimerRow = PendingRow & { readonly timer: NonNullable<PendingRow['timer']> };

/**
 * Fires a claimed timer in one transaction with its state change. Undefined when it was cancelled or moved meanwhile:
 * whoever holds the key's lock first wins, so an event and the timer it cancels can never both take effect.
 */
export async function fireTimer(
  row: TimerRow,
  handler: AnyTimer,
  ports: RunnerPorts,
): Promise<CommittedRow[] | undefined> {
  const { context, store } = ports;
  const tx = await store.begin();
  const effects = new Effects();
  let rows: CommittedRow[];
  try {
    const opened = await tx.openChunk();
    const locked = await tx.lockKeys([row.key]);
    await refuseToOvertake(locked, tx, context.instance);
    if (!(await tx.takePending(row.lease))) {
      await tx.rollback();
      return undefined;
    }
    await tx.deletePending(row.id);
    const cells = new KeyCells(locked, []);
    decideFiring(row, handler, cells.cell(row.key), opened.now, effects, ports);
    rows = await writeEffects({ tx, effects, acknowledged: [] }, context, { ...opened, origin: null, cells });
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  await tx.commit();
  return rows;
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

function decideFiring(
  row: TimerRow,
  handler: AnyTimer,
  cell: KeyCell,
  now: Date,
  effects: Effects,
  { context }: RunnerPorts,
): void {
  const { name, payload, setBy } = row.timer;
  const cause: Cause = {
    agent: context.agent.name,
    handler: handler.name,
    cause: timerCause(name, row.key.kind, row.key.value, setBy.eventId),
    source: setBy.source,
    eventId: setBy.eventId,
    correlationId: setBy.correlationId,
    hops: setBy.hops,
    now,
  };
  const timer = { name, dueAt: row.dueAt, payload, setBy: setBy.eventId, correlationId: setBy.correlationId };
  const outputs = handler.fire({ timer, key: row.key, state: cell.read(handler.state), now });
  const applied = applyOutputs(outputs, cause, { key: row.key, cell, state: handler.state }, context.agent);
  effects.events.push(...applied.events);
  effects.timers.push(...applied.timers);
  effects.activity.push({
    event_id: setBy.eventId,
    source: setBy.source,
    event_type: `timer:${name}`,
    correlation_id: setBy.correlationId,
    handler: handler.name,
    outcome: 'fired',
    outputs: applied.emitted,
    state_changed: cell.stateChanged,
    ...(applied.note === undefined ? {} : { note: applied.note }),
  });
}
