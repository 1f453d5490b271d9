import { SignalboxError } from '@signalbox/errors';
import { messageOf } from '../chunk/dead-letters.js';
import { KeyCells, keyId } from '../chunk/key-cells.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import type { PendingRow } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { distinctKeys, withRows, type RowTransaction } from './row-transaction.js';
import { readsOf } from './run-row.js';
import { refuseRow, workOne, type Work } from './work-row.js';

/** Rows of one key handled in one transaction when its queue is released. */
const RELEASE_ROWS_MAX = 100;

export interface QueueOptions {
  /** Rows of each queue worked, at most 100. */
  readonly rowsMax?: number;
  /** Told of rows whose key another transaction holds: they are left as they are. */
  readonly onBusy?: (rows: readonly PendingRow[]) => void;
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
    const { tx, rows, locked, settlement } = open;
    const blocked = new Set(locked.filter((key) => key.blocked).map(keyId));
    const headed = rows.filter((row) => isInQueue(row) && blocked.has(keyId(row.key)));
    const queued =
      headed.length > 0
        ? await tx.queuesOfKeys(
            headed.map(({ key }) => key),
            rowsMax,
          )
        : [];
    const reads = distinctKeys([...rows, ...queued].flatMap((row) => readsOf(row, ports.context)));
    const cells = new KeyCells(locked, reads.length > 0 ? await tx.readKeys(reads) : []);
    const queues = byKey(queued);
    for (const row of rows) {
      const one: Work = { ...open, cells, cell: cells.cell(row.key), ports };
      if (!blocked.has(keyId(row.key))) workOne(row, one);
      else if (row.kind === 'timer' && !row.isQueued) settlement.queuedTimers.push(row.id);
      else if (!isInQueue(row)) workOne(row, one);
      else release(row, queues.get(keyId(row.key)) ?? [], one);
    }
    return cells;
  };
  return withRows(heads, ports, work, onBusy);
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
      open.settlement.queues.push({ key: head.key, exceptTimers: [], isReleased: true });
    return cells;
  });
}

/**
 * Works the queue of a blocked key. A firing that an event before it cancels or moves does not happen. When the first
 * row of the queue is not the one that was due (a redrive came before it), that one waits for it.
 */
function release(head: PendingRow, rows: readonly PendingRow[], work: Work): void {
  const { settlement, effects } = work;
  const { key } = head;
  if (rows[0] && rows[0].id !== head.id) {
    settlement.stoodBack.push(head.id);
    settlement.queues.push({ key, exceptTimers: [], isReleased: false });
    return;
  }
  const others = effects.timers.length;
  const writtenTimers = (): string[] => effects.timers.slice(others).map(({ name }) => name);
  for (const row of rows) {
    if (row.timer && writtenTimers().includes(row.timer.name)) continue;
    if (!workOne(row.id === head.id ? head : row, work)) return;
  }
  settlement.queues.push({ key, exceptTimers: writtenTimers(), isReleased: true });
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

/** Retries of handlers that keep no order stand beside the queue. */
const isInQueue = (row: PendingRow): boolean => row.isOrdered && (row.kind !== 'timer' || row.isQueued);
