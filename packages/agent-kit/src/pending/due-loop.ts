import { PENDING_POLL_MS } from '../ports/pending.js';
import type { PendingRow } from '../ports/store.js';
import { backoffMs } from '../runner/backoff.js';
import { isInfrastructure } from '../runner/is-infrastructure.js';
import type { RunnerPorts } from '../runner/ports.js';

/** Shortest pause between two looks for due rows. */
const IDLE_MS_MIN = 5;

/** Rows that are run together. */
export type DueBatch = readonly PendingRow[];

/** What a loop does for one sort of due work. */
export interface DueWork {
  /** Takes rows, at most `places`; each batch runs afterwards. */
  take(places: number, atWork: readonly bigint[]): Promise<readonly DueBatch[]>;
  /**
   * Runs taken rows to their end, or gives those that have to be run apart from the others. Rejects only for what their
   * leases will cure.
   */
  run(batch: DueBatch): Promise<readonly DueBatch[]>;
  /** Pause after rows were taken, in milliseconds, so that those due meanwhile go together. */
  readonly gatherMs: number;
  /** Milliseconds until something may be due that is not due yet. */
  msToNext(): Promise<number | undefined>;
}

/** Takes due rows as long as there are places, runs them side by side, and sleeps until the next is due. */
export class DueLoop {
  private readonly running = new Map<bigint, Promise<void>>();
  private wakeUp: (() => void) | undefined;
  private isAwake = false;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly work: DueWork,
    private readonly ports: RunnerPorts,
    private readonly placesMax: number,
    private readonly stopping: AbortSignal,
  ) {}

  get atWork(): number {
    return this.running.size;
  }

  /** Rows that may be taken now. */
  get places(): number {
    return this.stopping.aborted ? 0 : Math.max(0, this.placesMax - this.running.size);
  }

  /** Runs batches that were leased elsewhere. */
  runAlso(batches: readonly DueBatch[]): void {
    for (const batch of batches) this.begin(batch);
  }

  start(): void {
    this.loop = this.turn();
  }

  /** Looks for due rows now instead of at the next poll. */
  wake(): void {
    this.isAwake = true;
    this.wakeUp?.();
  }

  /** After `stopping` has aborted: resolves once no more rows are taken. */
  async hasStopped(): Promise<void> {
    this.wake();
    await this.loop;
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }

  private async turn(): Promise<void> {
    const { quiet, context, random } = this.ports;
    for (let failures = 0; !this.stopping.aborted;) {
      try {
        if (!(await this.takeDue())) await this.idle();
        failures = 0;
      } catch (error) {
        failures += 1;
        quiet.warn('pending', { error: String(error) }, 'Due work cannot be read; trying again');
        await context.clock.sleep(backoffMs(failures, random), this.stopping);
      }
    }
  }

  /** Takes what is due and begins it; whether there was any. */
  private async takeDue(): Promise<boolean> {
    this.isAwake = false;
    const { places } = this;
    const batches = places > 0 ? await this.work.take(places, [...this.running.keys()]) : [];
    for (const batch of batches) this.begin(batch);
    if (batches.length > 0) await this.gather();
    return batches.length > 0;
  }

  /** Waits for a wake-up, the next due row, or the slow poll. What falls due while it asks when is taken at once. */
  private async idle(): Promise<void> {
    const isFull = this.running.size >= this.placesMax;
    const dueMs = isFull ? undefined : await this.work.msToNext();
    if (this.isAwake || this.stopping.aborted) return;
    if (!isFull && (await this.takeDue())) return;
    if (this.isAwake || this.stopping.aborted) return;
    const waiting = new AbortController();
    this.wakeUp = () => waiting.abort();
    const waitMs = Math.max(IDLE_MS_MIN, Math.min(dueMs ?? PENDING_POLL_MS, PENDING_POLL_MS));
    await this.ports.context.clock.sleep(waitMs, waiting.signal);
    this.wakeUp = undefined;
  }

  /** What falls due meanwhile is taken together. */
  private async gather(): Promise<void> {
    const { gatherMs } = this.work;
    if (gatherMs > 0) await this.ports.context.clock.sleep(gatherMs, this.stopping);
  }

  private begin(batch: DueBatch): void {
    const task = this.work
      .run(batch)
      .catch(async (error: unknown): Promise<readonly DueBatch[]> => {
        const [first] = batch;
        const fields = { rows: batch.length, id: String(first?.id), error: String(error) };
        this.ports.quiet.warn('pending-row', fields, 'Pending work failed; it is taken again later');
        if (isInfrastructure(error) || this.stopping.aborted)
          await this.ports.store.unclaim(batch.map(({ lease }) => lease)).catch(() => undefined); // their leases run out
        return [];
      })
      .then((apart) => {
        for (const { id } of batch) this.running.delete(id);
        for (const more of apart) this.begin(more);
        this.wake();
      });
    for (const { id } of batch) this.running.set(id, task);
  }
}
