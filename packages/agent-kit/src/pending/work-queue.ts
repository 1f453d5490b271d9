import { SignalboxError } from '@signalbox/errors';
import { messageOf } from '../chunk/dead-letters.js';
import { KeyCells, keyId } from '../chunk/key-cells.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { PendingRow } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import {
  blockedOf,
  distinctKeys,
  isInQueue,
  withRows,
  type RowOptions,
  type RowTransaction,
} from './row-transaction.js';
import { readsOf } from './run-row.js';
import { refuseRow, workOne, type Work } from './work-row.js';

/** Rows of one key handled in one transaction when its queue is released. */
const RELEASE_ROWS_MAX = 100;

export interface QueueOptions extends Pick<RowOptions, 'onBusy'> {
  /** Rows of each queue worked, at most 100. */
  readonly rowsMax?: number;
}

/**
 * Runs claimed retries, redrives, parked events and timers of different keys, and with each at most `rowsMax` rows of
 * the queue it heads: in one transaction, in order, under the locks of their keys. Undefined when every row was
 * cancelled, moved or taken by another process meanwhile.
 */
export function workQueues(
  heads: readonly PendingRow[],
  ports: RunnerPorts,
  { rowsMax = RELEASE_ROWS_MAX, onBusy }: QueueOptions = {},
): Promise<ReservedRows | undefined> {
  const work = async (open: RowTransaction): Promise<KeyCells> => {
    const { tx, rows, queued, locked, settlement, effects, now } = open;
    const blocked = blockedOf(locked);
    const reads = distinctKeys([...rows, ...queued].flatMap((row) => readsOf(row, ports.context)));
    const cells = new KeyCells(locked, reads.length > 0 ? await tx.readKeys(reads) : []);
    const others = byKey(queued);
    for (const row of rows) {
      const one: Work = { effects, settlement, now, cells, cell: cells.cell(row.key), ports };
      if (!blocked.has(keyId(row.key))) workOne(row, one);
      else if (row.kind === 'timer' && !row.isQueued) settlement.queuedTimers.push(row.id);
      else if (!isInQueue(row)) workOne(row, one);
      else release(row, others.get(keyId(row.key)) ?? [], rowsMax, one);
    }
    return cells;
  };
  return withRows(heads, ports, work, { queueRowsMax: rowsMax, ...(onBusy ? { onBusy } : {}) });
}

/** Ends a row whose result the database refuses: a dead letter, and its key goes on. */
export function refuseHead(
  head: PendingRow,
  refusal: unknown,
  ports: RunnerPorts,
): Promise<ReservedRows | undefined> {
  const thrown = new SignalboxError('output_invalid', `the database refused it: ${messageOf(refusal)}`);
  return withRows([head], ports, async (open) => {
    const cells = new KeyCells(open.locked, []);
    const cell = cells.cell(head.key);
    const goesOn = refuseRow(head, thrown, { ...open, cells, cell, ports });
    if (goesOn && cell.blocked && isInQueue(head))
      open.settlement.queues.push({ key: head.key, exceptTimers: [], isReleased: true, isEmpty: false });
    return cells;
  });
}

/**
 * Works the queue of a blocked key: the row that was due and the others, `rowsMax` at most. A firing that an event before
 * it cancels or moves does not happen. When another is the first of the queue (a redrive came before it), that one waits
 * for it.
 */
function release(head: PendingRow, others: readonly PendingRow[], rowsMax: number, work: Work): void {
  const { settlement, effects } = work;
  const { key } = head;
  const [first] = others;
  if (first && first.sequence < head.sequence) {
    settlement.stoodBack.push(head.id);
    settlement.queues.push({ key, exceptTimers: [], isReleased: false, isEmpty: false });
    return;
  }
  const before = effects.timers.length;
  const writtenTimers = (): string[] => effects.timers.slice(before).map(({ name }) => name);
  for (const row of [head, ...others.slice(0, rowsMax - 1)]) {
    if (row.timer && writtenTimers().includes(row.timer.name)) continue;
    if (!workOne(row, work)) return;
  }
  const isEmpty = others.length < rowsMax;
  settlement.queues.push({ key, exceptTimers: writtenTimers(), isReleased: true, isEmpty });
}

function byKey(rows: readonly PendingRow[]): Map<string, PendingRow[]> {
  const queues = new Map<string, PendingRow[]>();
  for (const row of rows) {
    const id = keyId(row.key);
    const queue = queues.get(id);
    if (queue) queue.push(row);
    else queues.set(id, [row]);
  }
  return queues;
}
