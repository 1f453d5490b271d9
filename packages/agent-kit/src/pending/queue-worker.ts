import type { PendingKind, PendingRow } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { Semaphore } from '../runner/semaphore.js';
import { LEASE_MS } from './act.js';
import { batchesOf } from './batches.js';
import { CaughtUp } from './caught-up.js';
import { commitBatch, commitRow } from './commit-row.js';
import type { DueBatch, DueWork } from './due-loop.js';
import type { Narrow } from './narrow.js';
import { chooseAlone, isSuspect } from './suspects.js';
import { refuseHead, workQueues } from './work-queue.js';

/** Rows of one transaction; and of those that a retry topic wakes, which fall due together, as events of a chunk do. */
const BATCH_ROWS_MAX = 250;
const WOKEN_ROWS_MAX = 500;
/** Rows taken with one statement. */
const TAKEN_ROWS_MAX = 500;
/** Transactions of batches at once; and of rows that wait for a key another transaction holds. */
const BATCHES_MAX = 2;
const WAITING_ROWS_MAX = 4;
const GATHER_MS = 15;

/** Due retries, redrives, releases and timers: transactions on the agent's own keys. */
export class QueueWorker implements DueWork {
  readonly gatherMs = GATHER_MS;
  private readonly caughtUp: CaughtUp;
  private readonly atWork = new Set<Promise<unknown>>();
  private readonly batches = new Semaphore(BATCHES_MAX);
  private readonly waitingRows = new Semaphore(WAITING_ROWS_MAX);
  /** Rows that wait for a key which another transaction holds. */
  private readonly waiting = new Set<bigint>();
  private isAlone = false;
  /** Suspects were among the rows last taken: rows are taken one by one until none is. */
  private hasSuspects = false;
  /** Timers are due, as far as is known: what was published before has to be handled first. */
  private doTimersWait = false;
  /** Called when timers may fire that could not before. */
  onFree: () => void = () => undefined;

  constructor(
    private readonly kinds: readonly PendingKind[],
    private readonly ports: RunnerPorts,
    private readonly cut: AbortSignal,
    private readonly narrow: Narrow,
  ) {
    this.caughtUp = new CaughtUp(ports, () => this.onFree());
  }

  async take(places: number, atWork: readonly bigint[]): Promise<readonly DueBatch[]> {
    if (this.isAlone) return [];
    const { kinds, limit } = await this.narrow(this.kinds, Math.min(places, TAKEN_ROWS_MAX));
    if (kinds.length === 0 || limit < 1) return [];
    if (this.doTimersWait) this.caughtUp.lookSoon();
    const claimed = await this.ports.store.claimDue({
      kinds,
      limit: this.hasSuspects ? 1 : limit,
      leaseMs: LEASE_MS,
      timersUntil: this.caughtUp.until,
      exceptDestinations: [],
      exceptIds: atWork,
    });
    if (claimed.some(({ kind, isQueued }) => kind === 'timer' && !isQueued)) this.doTimersWait = true;
    return this.choose(claimed);
  }

  /** Not while a suspect runs alone or the agent is paused. */
  get mayRunMore(): boolean {
    return !this.isAlone && !this.ports.switches.isPaused;
  }

  inWokenBatches(rows: readonly PendingRow[]): readonly DueBatch[] {
    return batchesOf(rows, WOKEN_ROWS_MAX);
  }

  async giveBack(rows: readonly PendingRow[]): Promise<void> {
    await this.ports.store.unclaim(rows.map(({ lease }) => lease)).catch(() => undefined); // their leases run out
  }

  async run(batch: DueBatch): Promise<readonly DueBatch[]> {
    const isFirst = batch.some(isSuspect);
    if (isFirst) await Promise.allSettled(this.atWork);
    const task = this.bringThrough(batch).finally(() => {
      this.atWork.delete(task);
      if (isFirst) this.isAlone = false;
    });
    this.atWork.add(task);
    return task;
  }

  async msToNext(): Promise<number | undefined> {
    const { inMs, doTimersWait } = await this.ports.store.nextDue(this.kinds);
    this.doTimersWait = doTimersWait;
    return doTimersWait ? Math.min(inMs ?? Infinity, this.caughtUp.msToNextLook()) : inMs;
  }

  /** Resolves when nothing is asked of the stores any more; call it when no more rows are taken. */
  settled(): Promise<void> {
    return this.caughtUp.settled();
  }

  /** A suspect runs alone, so that its death costs no other row a start. */
  private async choose(claimed: readonly PendingRow[]): Promise<readonly DueBatch[]> {
    const { run, giveBack } = chooseAlone(claimed);
    if (giveBack.length > 0) await this.giveBack(giveBack);
    this.hasSuspects = run.some(isSuspect);
    if (this.hasSuspects) this.isAlone = true;
    return batchesOf(run, BATCH_ROWS_MAX);
  }

  /** A row whose key another transaction holds waits for it alone and holds up no other. */
  private async bringThrough(batch: DueBatch): Promise<readonly DueBatch[]> {
    const busy = new Map<bigint, PendingRow>();
    const [first] = batch;
    const isWaiting = first !== undefined && this.waiting.delete(first.id);
    const lane = isWaiting || batch.some(isSuspect) ? this.waitingRows : this.batches;
    await lane.run(() => this.commit(batch, lane === this.waitingRows ? undefined : busy));
    for (const id of busy.keys()) this.waiting.add(id);
    return [...busy.values()].map((row) => [row]);
  }

  private async commit(batch: DueBatch, busy: Map<bigint, PendingRow> | undefined): Promise<void> {
    const { ports, cut } = this;
    const rowsMax = batch.some(isSuspect) ? { rowsMax: 1 } : {};
    const write = (rows: DueBatch): ReturnType<typeof workQueues> => {
      for (const { id } of rows) busy?.delete(id);
      const onBusy = (left: DueBatch): void => left.forEach((row) => busy?.set(row.id, row));
      return workQueues(rows, ports, { ...rowsMax, ...(busy ? { onBusy } : {}) });
    };
    const onRefused = (row: PendingRow, refusal: unknown): Promise<void> => this.isolate(row, refusal);
    await commitBatch({ items: batch, write, onRefused }, ports, cut);
  }

  /** The database refuses what the queue led to: its head alone is tried, then it is a dead letter. */
  private async isolate(row: PendingRow, refusal: unknown): Promise<void> {
    const { ports, cut } = this;
    try {
      await commitRow(() => workQueues([row], ports, { rowsMax: 1 }), ports, cut);
    } catch (error) {
      if (cut.aborted) throw error;
      await commitRow(() => refuseHead(row, refusal, ports), ports, cut);
    }
  }
}
