import { SignalboxError } from '@signalbox/errors';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { PendingKind, PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import { backoffMs } from '../runner/backoff.js';
import { publishForeign } from '../runner/claim-partition.js';
import type { RunnerPorts } from '../runner/ports.js';
import { attempt, jobOf } from './act.js';
import { finishJob } from './finish-job.js';

/** Longer than the longest deadline of an act (15 s), so that a lease outlives its own attempt. */
const LEASE_MS = 30_000;
const POLL_MS = 1_000;

/** Works off what is due in the pending table: takes leases, runs each row, writes how it ended. */
export class PendingEngine {
  private readonly running = new Map<bigint, Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly cut = new AbortController();
  private wakeUp: (() => void) | undefined;
  private isAwake = false;
  private loop: Promise<void> | undefined;
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly ports: RunnerPorts,
    private readonly kinds: readonly PendingKind[],
    private readonly concurrency = 32,
  ) {}

  async start(): Promise<void> {
    if (this.kinds.length === 0) return;
    this.stopListening = await this.ports.store.onPending(() => this.wake());
    this.loop = this.run();
  }

  /** Looks for due rows now instead of at the next poll. */
  wake(): void {
    this.isAwake = true;
    this.wakeUp?.();
  }

  /** Takes no more rows, waits for those at work (at most `drainMs`), then cuts their calls off. */
  async stop(drainMs: number): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await this.stopListening?.();
    const all = Promise.allSettled(this.running.values());
    await Promise.race([all, this.ports.context.clock.sleep(drainMs, this.cut.signal)]);
    this.cut.abort();
    await all;
  }

  get atWork(): number {
    return this.running.size;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      this.isAwake = false;
      try {
        const free = this.concurrency - this.running.size;
        const rows =
          free > 0
            ? await this.ports.store.claimDue({ kinds: this.kinds, limit: free, leaseMs: LEASE_MS })
            : [];
        for (const row of rows) this.begin(row);
        failures = 0;
        if (rows.length === 0 || rows.length === free) await this.idle();
      } catch (error) {
        failures += 1;
        this.ports.quiet.warn('pending', { error: String(error) }, 'Due work cannot be read; trying again');
        await this.ports.context.clock.sleep(backoffMs(failures, this.ports.random), this.stopping.signal);
      }
    }
  }

  /** Waits for a wake-up, the next due row, or the slow poll. */
  private async idle(): Promise<void> {
    const dueMs =
      this.running.size >= this.concurrency ? undefined : await this.ports.store.msToNextDue(this.kinds);
    if (this.isAwake || this.stopping.signal.aborted) return;
    const waiting = new AbortController();
    this.wakeUp = () => waiting.abort();
    await this.ports.context.clock.sleep(Math.max(1, Math.min(dueMs ?? POLL_MS, POLL_MS)), waiting.signal);
    this.wakeUp = undefined;
  }

  private begin(row: PendingRow): void {
    const task = this.runRow(row)
      .catch((error: unknown) => {
        this.ports.quiet.warn(
          'pending-row',
          { id: String(row.id), handler: row.handler, error: String(error) },
          'Pending work failed; its lease will run out',
        );
      })
      .finally(() => {
        this.running.delete(row.id);
        this.wake();
      });
    this.running.set(row.id, task);
  }

  private async runRow(row: PendingRow): Promise<void> {
    const handler = this.ports.context.registry.handler(row.handler);
    if (handler?.kind !== 'perform')
      throw new SignalboxError('internal', `no connector handler '${row.handler}' for a ${row.kind}`);
    await this.runJob(row, handler);
  }

  private async runJob(row: PendingRow, handler: AnyPerform): Promise<void> {
    const { context } = this.ports;
    const job = jobOf(row, handler, context.agent.name);
    const now = new Date(context.clock.nowMs());
    const result = await attempt(job, this.ports, now, this.cut.signal);
    await this.commit(() => finishJob(job, result, this.ports));
  }

  /** Writes a result until the database has it: the act was done, so its outcome must not get lost. */
  private async commit(write: () => Promise<CommittedRow[] | undefined>): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        const rows = await this.ports.transactions.run(write);
        if (rows) this.publish(rows);
        return;
      } catch (error) {
        if (error instanceof UnpublishedBeforeUsError) await publishForeign(error.rows, this.ports);
        else if (this.cut.signal.aborted) throw error;
        else {
          this.ports.quiet.warn(
            'pending-commit',
            { error: String(error) },
            'A result could not be written; trying again',
          );
          await this.ports.context.clock.sleep(backoffMs(failures, this.ports.random), this.cut.signal);
        }
      }
    }
  }

  private publish(rows: readonly CommittedRow[]): void {
    this.ports.publisher.publish(rows).then(
      () => this.ports.acknowledged.add(rows.map(({ id }) => id)),
      () => undefined, // stopped: the sweeper publishes them
    );
  }
}
