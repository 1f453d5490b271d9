import { SignalboxError } from '@signalbox/errors';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { PendingKind, PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import { backoffMs } from '../runner/backoff.js';
import { publishForeign } from '../runner/claim-partition.js';
import type { RunnerPorts } from '../runner/ports.js';
import { attempt, jobOf } from './act.js';
import { CaughtUp } from './caught-up.js';
import { Destinations } from './destinations.js';
import { finishJob } from './finish-job.js';
import { workQueue } from './work-queue.js';

/** Longer than the longest deadline of an act (15 s), so that a lease outlives its own attempt. */
const LEASE_MS = 30_000;
const POLL_MS = 1_000;
/** Shortest pause between two looks for due rows. */
const IDLE_MS_MIN = 5;
const PER_DESTINATION_MAX = 4;

/** Works off what is due in the pending table: takes leases, runs each row, writes how it ended. */
export class PendingEngine {
  private readonly running = new Map<bigint, Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly cut = new AbortController();
  private wakeUp: (() => void) | undefined;
  private isAwake = false;
  private isAlone = false;
  /** What the kill switches let through. */
  private openKinds: readonly PendingKind[] = [];
  private readonly caughtUp: CaughtUp;
  private readonly destinations = new Destinations(PER_DESTINATION_MAX);
  private loop: Promise<void> | undefined;
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly ports: RunnerPorts,
    private readonly kinds: readonly PendingKind[],
    private readonly concurrency = 32,
  ) {
    this.caughtUp = new CaughtUp(ports);
  }

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
        const free = this.isAlone ? 0 : this.concurrency - this.running.size;
        const rows = free > 0 ? await this.claim(free) : [];
        for (const row of rows) await this.begin(row);
        failures = 0;
        if (rows.length === 0 || rows.length === free) await this.idle();
      } catch (error) {
        failures += 1;
        this.ports.quiet.warn('pending', { error: String(error) }, 'Due work cannot be read; trying again');
        await this.ports.context.clock.sleep(backoffMs(failures, this.ports.random), this.stopping.signal);
      }
    }
  }

  private async claim(limit: number): Promise<readonly PendingRow[]> {
    const open = await this.ports.switches.open(this.kinds, limit, this.running.size);
    this.openKinds = open.kinds;
    if (open.kinds.length === 0) return [];
    const timersUntil =
      this.kinds.includes('timer') && (await this.hasDueTimers()) ? await this.caughtUp.timersUntil() : null;
    return this.ports.store.claimDue({
      kinds: open.kinds,
      limit: open.limit,
      leaseMs: LEASE_MS,
      timersUntil,
      exceptDestinations: this.destinations.full(),
    });
  }

  private async hasDueTimers(): Promise<boolean> {
    const ms = await this.ports.store.msToNextDue(['timer']);
    return ms !== undefined && ms <= 0;
  }

  /** Waits for a wake-up, the next due row, or the slow poll. */
  private async idle(): Promise<void> {
    const isFull = this.isAlone || this.running.size >= this.concurrency;
    const dueMs = isFull ? undefined : await this.ports.store.msToNextDue(this.openKinds);
    if (this.isAwake || this.stopping.signal.aborted) return;
    const waiting = new AbortController();
    this.wakeUp = () => waiting.abort();
    const waitMs = Math.max(IDLE_MS_MIN, Math.min(dueMs ?? POLL_MS, POLL_MS));
    await this.ports.context.clock.sleep(waitMs, waiting.signal);
    this.wakeUp = undefined;
  }

  /** Starts a row. One that was started before without a result may end the process: it runs alone. */
  private async begin(row: PendingRow): Promise<void> {
    const isSuspect = row.starts > 1 && row.kind !== 'job';
    if (isSuspect) {
      this.isAlone = true;
      await Promise.allSettled(this.running.values());
    }
    const destination = row.kind === 'job' ? (row.destination ?? '') : undefined;
    if (destination !== undefined) this.destinations.enter(destination);
    const task = this.runRow(row)
      .catch((error: unknown) => {
        const fields = { id: String(row.id), handler: row.handler, error: String(error) };
        this.ports.quiet.warn('pending-row', fields, 'Pending work failed; its lease will run out');
      })
      .finally(() => {
        this.running.delete(row.id);
        if (destination !== undefined) this.destinations.leave(destination);
        if (isSuspect) this.isAlone = false;
        this.wake();
      });
    this.running.set(row.id, task);
    if (isSuspect) await task;
  }

  private async runRow(row: PendingRow): Promise<void> {
    if (row.kind !== 'job') return this.commit(() => workQueue(row, this.ports));
    const handler = this.ports.context.registry.handler(row.handler);
    if (handler?.kind !== 'perform') {
      throw new SignalboxError('internal', `no connector handler '${row.handler}' for job ${row.id}`);
    }
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
