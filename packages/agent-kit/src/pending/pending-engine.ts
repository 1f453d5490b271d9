import type { PendingKind } from '../ports/store.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { DestinationStatus } from './destination.js';
import { DestinationGauges } from './destination-gauges.js';
import { DueLoop } from './due-loop.js';
import { JobWorker } from './job-worker.js';
import type { Narrow } from './narrow.js';
import { QueueWorker } from './queue-worker.js';
import { WokenRows, type WokenRowTaker } from './woken-rows.js';

/** Rows of queues and timers in hand at once, in batches of a transaction each. */
const QUEUES_MAX = 1_000;
/** Jobs in hand at once, over all destinations: calls, which mostly wait, and results that are being written. */
const JOBS_MAX = 128;

export interface PendingEngineOptions {
  readonly queuesMax?: number;
  readonly jobsMax?: number;
}

/**
 * Works off what is due in the pending table: takes leases, runs each row, writes how it ended. Queues of keys and
 * jobs of connectors have places of their own, so that slow receivers hold up no timer.
 */
export class PendingEngine {
  private readonly stopping = new AbortController();
  private readonly cut = new AbortController();
  private readonly loops: DueLoop[] = [];
  private readonly queues: { readonly worker: QueueWorker; readonly woken: WokenRows } | undefined;
  private readonly jobs: { readonly worker: JobWorker; readonly loop: DueLoop } | undefined;
  private readonly gauges: DestinationGauges;
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly ports: RunnerPorts,
    kinds: readonly PendingKind[],
    options: PendingEngineOptions = {},
  ) {
    this.gauges = new DestinationGauges(ports.measures);
    const narrow: Narrow = (wanted, limit, atWork) => ports.switches.open(wanted, limit, atWork);
    const queues = kinds.filter((kind) => kind !== 'job');
    if (queues.length > 0) {
      const worker = new QueueWorker(queues, ports, this.cut.signal, narrow);
      const loop = new DueLoop(worker, ports, options.queuesMax ?? QUEUES_MAX, this.stopping.signal);
      worker.onFree = () => loop.wake();
      this.queues = { worker, woken: new WokenRows(worker, loop, ports, this.stopping.signal) };
      this.loops.push(loop);
    }
    if (kinds.includes('job')) {
      const worker = new JobWorker(ports, this.cut.signal, narrow);
      const loop = new DueLoop(worker, ports, options.jobsMax ?? JOBS_MAX, this.stopping.signal);
      worker.onPlace = () => loop.wake();
      this.jobs = { worker, loop };
      this.loops.push(loop);
    }
  }

  /** @param onOrders called when a person changed a switch or asked for a redrive. */
  async start(onOrders?: () => void): Promise<void> {
    if (this.loops.length === 0) return;
    this.stopListening = await this.ports.store.onPending(() => this.wake(), onOrders);
    for (const loop of this.loops) loop.start();
  }

  /** Looks for due rows now instead of at the next poll. */
  wake(): void {
    for (const loop of this.loops) loop.wake();
  }

  /** Takes no more rows, waits for those at work (at most `drainMs`), then cuts their calls off. */
  async stop(drainMs: number): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops.map((loop) => loop.hasStopped()));
    await Promise.all([this.stopListening?.(), this.queues?.worker.settled(), this.queues?.woken.settled()]);
    const all = Promise.all(this.loops.map((loop) => loop.settled()));
    const isSettled = new AbortController();
    await Promise.race([all, this.ports.context.clock.sleep(drainMs, isSettled.signal)]);
    isSettled.abort();
    this.cut.abort();
    await all;
  }

  /** Runs what retry topics wake; undefined where no queues of keys are worked. */
  get woken(): WokenRowTaker | undefined {
    return this.queues?.woken;
  }

  /** Rows at work. */
  get atWork(): number {
    return this.loops.reduce((sum, loop) => sum + loop.atWork, 0);
  }

  /** Outside calls at work. */
  get jobsAtWork(): number {
    return this.jobs?.loop.atWork ?? 0;
  }

  /** Receivers in use or left alone, as this process sees them. */
  destinations(): DestinationStatus[] {
    return this.jobs?.worker.status() ?? [];
  }

  /** Shows the receivers in the figures as they are now. */
  measure(): void {
    if (this.jobs) this.gauges.show(this.destinations());
  }
}
