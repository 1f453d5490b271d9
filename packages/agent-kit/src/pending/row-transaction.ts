import { Effects } from '../chunk/effects.js';
import { keyId, type KeyCells } from '../chunk/key-cells.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { writeEffects } from '../chunk/write.step.js';
import { UnclearCommitError, commitInOrder } from '../outbox/commit-in-order.js';
import type { Clarified } from '../outbox/clarify-commit.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { ReservedRows } from '../outbox/reserved-rows.js';
import { allAnswers } from '../ports/all-answers.js';
import type { KeyRow, PendingRow, Store, StoreTransaction } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { StateKey } from '../state.js';
import { Settlement } from './settlement.js';

/** The transaction that ends claimed rows, with their keys locked. */
export interface RowTransaction {
  readonly tx: StoreTransaction;
  readonly effects: Effects;
  readonly settlement: Settlement;
  /** Those whose lease still holds, in the order given. */
  readonly rows: readonly PendingRow[];
  /** What stands in the queues these rows head, beside them. */
  readonly queued: readonly PendingRow[];
  readonly locked: readonly KeyRow[];
  /** The agent's clock. */
  readonly now: Date;
}

export interface RowOptions {
  /** Rows read of the queue of each blocked key, beside the row that heads it; left out: none. */
  readonly queueRowsMax?: number;
  /** Told of rows whose key another transaction holds: they are left as they are. Left out: their keys are waited for. */
  readonly onBusy?: (rows: readonly PendingRow[]) => void;
}

/**
 * Runs `work` in a transaction that holds the rows' keys and the rows under their leases, and writes what it led to:
 * the records to publish, which have their places in the lanes. A row that was ended, moved or taken by another process meanwhile is left out; undefined when
 * all were, then nothing is written. With `onBusy`, rows whose key another transaction holds are not waited for: it is
 * told of those left. Rejects with `UnclearRowsError` when the answer to COMMIT was lost.
 */
export async function withRows(
  rows: readonly PendingRow[],
  ports: RunnerPorts,
  work: (open: RowTransaction) => Promise<KeyCells>,
  { queueRowsMax, onBusy }: RowOptions = {},
): Promise<ReservedRows | undefined> {
  const { context, store } = ports;
  const keys = distinctKeys(rows.map(({ key }) => key));
  const tx = await store.begin();
  const effects = new Effects();
  const settlement = new Settlement();
  let committed: CommittedRow[];
  try {
    const locked = await tx.lockKeys(keys, onBusy ? 'leave' : 'wait');
    await refuseToOvertake(locked, tx, context.instance);
    const [free, busy] = apart(rows, locked);
    onBusy?.(busy);
    const [opened, held, queued] = await allAnswers([
      // Not before the locks: a firing that was queued while they were waited for would find a time before it was due.
      tx.openChunk(),
      tx.takePending(free.map(({ lease }) => lease)),
      askQueues(free, locked, tx, queueRowsMax),
    ]);
    const taken = free.filter(({ id }) => held.has(id));
    if (taken.length === 0) {
      await tx.rollback();
      return undefined;
    }
    const cells = await work({ tx, effects, settlement, rows: taken, queued, locked, now: opened.now });
    const writes = { tx, effects, acknowledged: [] };
    const settled = tx.settlePending(settlement);
    const written = giveHeads(settlement, cells, tx).then(() =>
      writeEffects(writes, context, { ...opened, origin: null, cells }),
    );
    [, committed] = await allAnswers([settled, written]);
  } catch (error) {
    await tx.rollback();
    throw error;
  }
  const reserved = await commitInOrder(tx, committed, ports.publisher).catch((error: unknown) => {
    throw error instanceof UnclearCommitError ? new UnclearRowsError(error, keys) : error;
  });
  context.onHandled?.(effects.activity);
  return reserved;
}

/** The answer to COMMIT was lost; the database tells what happened to who waits for these keys. */
export class UnclearRowsError extends Error {
  constructor(
    readonly unclear: UnclearCommitError,
    private readonly keys: readonly StateKey[],
  ) {
    super('the outcome of COMMIT is not known', { cause: unclear });
    this.name = 'UnclearRowsError';
  }

  /** Waits for the end of the transaction, which holds the keys, and looks what of it is stored. */
  async ask(store: Store): Promise<Clarified<undefined>> {
    const tx = await store.begin();
    try {
      await tx.lockKeys(this.keys);
    } finally {
      await tx.rollback();
    }
    const ids = this.unclear.reserved.rows.map(({ id }) => id);
    return { outcome: undefined, rows: ids.length > 0 ? await store.storedOutbox(ids) : [] };
  }
}

/** Each key once, in the order given. */
export const distinctKeys = (keys: readonly StateKey[]): StateKey[] => [
  ...new Map(keys.map((key) => [keyId(key), key])).values(),
];

function apart(
  rows: readonly PendingRow[],
  locked: readonly KeyRow[],
): [free: PendingRow[], busy: PendingRow[]] {
  const ours = new Set(locked.map(keyId));
  const isFree = ({ key }: PendingRow): boolean => ours.has(keyId(key));
  return [rows.filter(isFree), rows.filter((row) => !isFree(row))];
}

/** What is in the queues of the rows' blocked keys, beside these rows themselves. */
async function askQueues(
  rows: readonly PendingRow[],
  locked: readonly KeyRow[],
  tx: StoreTransaction,
  rowsMax = 0,
): Promise<readonly PendingRow[]> {
  const blocked = blockedOf(locked);
  const heads = rowsMax > 0 ? rows.filter((row) => isInQueue(row) && blocked.has(keyId(row.key))) : [];
  if (heads.length === 0) return [];
  const [keys, ids] = [heads.map(({ key }) => key), heads.map(({ id }) => id)];
  return tx.queuesOfKeys(keys, rowsMax, ids);
}

export const blockedOf = (locked: readonly KeyRow[]): ReadonlySet<string> =>
  new Set(locked.filter(({ blocked }) => blocked).map(keyId));

/** Retries of handlers that keep no order stand beside the queue. */
export const isInQueue = (row: PendingRow): boolean =>
  row.isOrdered && (row.kind !== 'timer' || row.isQueued);

/** The next of each queue is due; a queue that was worked to its end and has none left frees its key. */
async function giveHeads({ queues }: Settlement, cells: KeyCells, tx: StoreTransaction): Promise<void> {
  // A queue that was seen to its end under its key's lock has nothing left.
  const left = queues.filter(({ isEmpty }) => !isEmpty);
  const headed = new Set(left.length > 0 ? (await tx.makeNextDue(left)).map(keyId) : []);
  for (const { key, isReleased } of queues) {
    if (isReleased) cells.cell(key).blocked = headed.has(keyId(key));
  }
}

/** Records that another process has committed for the keys go out before ours. */
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
