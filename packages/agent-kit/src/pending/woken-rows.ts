import type { PendingRow } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import { LEASE_MS } from './act.js';
import type { DueLoop } from './due-loop.js';
import type { QueueWorker } from './queue-worker.js';

/** Waited for the rows of other partitions of a retry topic, so that they go in one transaction. */
const GATHER_MS = 15;

/** Who runs the rows that a retry topic wakes. */
export interface WokenRowTaker {
  /** For how long rows are leased to it, in milliseconds; undefined when it has no place for so many. */
  leaseMsFor(rows: number): number | undefined;
  /** Runs leased rows once the transaction that leased them is committed; gives back what may not run now. */
  take(rows: readonly PendingRow[]): void;
}

/** Brings rows that a retry topic has woken to the worker of queues, without another look at the table. */
export class WokenRows implements WokenRowTaker {
  private rows: PendingRow[] = [];
  private handingOver: Promise<void> | undefined;

  constructor(
    private readonly worker: QueueWorker,
    private readonly loop: DueLoop,
    private readonly ports: RunnerPorts,
    private readonly stopping: AbortSignal,
  ) {}

  leaseMsFor(rows: number): number | undefined {
    const hasPlaces = this.loop.places - this.rows.length >= rows;
    return hasPlaces && this.worker.mayRunMore ? LEASE_MS : undefined;
  }

  take(rows: readonly PendingRow[]): void {
    this.rows.push(...rows);
    if (rows.length > 0) this.handingOver ??= this.handOver();
  }

  /** Resolves once no row waits here. */
  async settled(): Promise<void> {
    await this.handingOver;
  }

  private async handOver(): Promise<void> {
    await this.ports.context.clock.sleep(GATHER_MS, this.stopping);
    const { rows } = this;
    this.rows = [];
    this.handingOver = undefined;
    if (this.loop.places > 0 && this.worker.mayRunMore) this.loop.runAlso(this.worker.inWokenBatches(rows));
    else await this.worker.giveBack(rows);
  }
}
