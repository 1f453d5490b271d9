import type { PendingKind, PendingRow } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { LEASE_MS } from './act.js';
import { CaughtUp } from './caught-up.js';
import { commitRow } from './commit-row.js';
import type { DueWork } from './due-loop.js';
import type { Narrow } from './narrow.js';
import { chooseAlone, isSuspect } from './suspects.js';
import { refuseHead, workQueue } from './work-queue.js';

/** Due retries, redrives, releases and timers: transactions on the agent's own keys. */
export class QueueWorker implements DueWork {
  private readonly caughtUp: CaughtUp;
  private readonly atWork = new Set<Promise<void>>();
  private isAlone = false;
  private doTimersWait = false;

  constructor(
    private readonly kinds: readonly PendingKind[],
    private readonly ports: RunnerPorts,
    private readonly cut: AbortSignal,
    private readonly narrow: Narrow,
  ) {
    this.caughtUp = new CaughtUp(ports);
  }

  async take(places: number, atWork: readonly bigint[]): Promise<readonly PendingRow[]> {
    if (this.isAlone) return [];
    const { kinds, limit } = await this.narrow(this.kinds, places);
    if (kinds.length === 0 || limit < 1) return [];
    const hasDueTimers = kinds.includes('timer') && (await this.hasDueTimers());
    const timersUntil = hasDueTimers ? await this.caughtUp.timersUntil() : null;
    const claimed = await this.ports.store.claimDue({
      kinds,
      limit,
      leaseMs: LEASE_MS,
      timersUntil,
      exceptDestinations: [],
      exceptIds: atWork,
    });
    this.doTimersWait = hasDueTimers && claimed.length === 0;
    const { run, giveBack } = chooseAlone(claimed);
    if (giveBack.length > 0) await this.giveBack(giveBack);
    if (run.some(isSuspect)) this.isAlone = true;
    return run;
  }

  private async giveBack(rows: readonly PendingRow[]): Promise<void> {
    await this.ports.store.unclaim(rows.map(({ lease }) => lease)).catch(() => undefined); // their leases run out
  }

  async run(row: PendingRow): Promise<void> {
    const isFirst = isSuspect(row);
    if (isFirst) await Promise.allSettled(this.atWork);
    const task = this.bringThrough(row).finally(() => {
      this.atWork.delete(task);
      if (isFirst) this.isAlone = false;
    });
    this.atWork.add(task);
    await task;
  }

  async msToNext(since: Date): Promise<number | undefined> {
    const dueMs = await this.ports.store.msToNextDue(this.kinds, since);
    if (!this.doTimersWait) return dueMs;
    return Math.min(dueMs ?? Infinity, this.caughtUp.msToNextLook());
  }

  private async bringThrough(row: PendingRow): Promise<void> {
    const { ports, cut } = this;
    try {
      await commitRow(row, () => workQueue(row, ports, isSuspect(row) ? 1 : undefined), ports, cut);
    } catch (error) {
      if (cut.aborted) throw error;
      await this.isolate(row, error);
    }
  }

  /** The database refuses what the queue led to: its head alone is tried, then it is a dead letter. */
  private async isolate(row: PendingRow, refusal: unknown): Promise<void> {
    const { ports, cut } = this;
    try {
      await commitRow(row, () => workQueue(row, ports, 1), ports, cut);
    } catch {
      await commitRow(row, () => refuseHead(row, refusal, ports), ports, cut);
    }
  }

  private async hasDueTimers(): Promise<boolean> {
    const ms = await this.ports.store.msToNextDue(['timer']);
    return ms !== undefined && ms <= 0;
  }
}
