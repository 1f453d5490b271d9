import { setMaxListeners } from 'node:events';
import { flushAcknowledged } from '../outbox/flush-acknowledged.js';
import { Bell } from './bell.js';
import { publishForeign } from './claim-partition.js';
import type { RunnerPorts } from './ports.js';

/** What listens for the one signal to stop: loops, partitions that wait, batches of due rows; more are worth a warning. */
const LISTENERS_MAX = 1_024;
const FLUSH_EVERY_MS = 200;
const SWEEP_EVERY_MS = 5_000;
const SWEEP_OLDER_MS = 10_000;
const SWEEP_LEASE_MS = 15_000;
const SWEEP_ROWS_MAX = 500;

/**
 * Something to be done again and again. A failure is noted, and the next time comes all the same. Where the pause depends
 * on what was found, it is asked for each time; the bell ends it early.
 */
export type PeriodicTask = readonly [
  periodMs: number | (() => number),
  task: () => Promise<void>,
  bell?: Bell,
];

/** Deletes what the broker has, publishes what other processes left behind. */
export const outboxTasks = (ports: RunnerPorts): PeriodicTask[] => [
  [FLUSH_EVERY_MS, () => flushAcknowledged(ports)],
  [
    SWEEP_EVERY_MS,
    async () => {
      const rows = await ports.store.outboxToSweep(SWEEP_OLDER_MS, SWEEP_LEASE_MS, SWEEP_ROWS_MAX);
      await publishForeign(rows, ports);
    },
  ],
];

/** What an agent does beside its partitions and its pending table: each task in a loop of its own. */
export class UpkeepLoops {
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly ports: RunnerPorts,
    private readonly stopping: AbortSignal,
  ) {
    setMaxListeners(LISTENERS_MAX, stopping);
  }

  start(tasks: readonly PeriodicTask[]): void {
    this.loops.push(...tasks.map((task) => this.repeat(task)));
  }

  /** Resolves when every loop has ended, after the signal to stop. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.loops);
  }

  private async repeat([periodMs, task, bell = new Bell()]: PeriodicTask): Promise<void> {
    const { context, measures, quiet } = this.ports;
    while (!this.stopping.aborted) {
      const pauseMs = typeof periodMs === 'number' ? periodMs : periodMs();
      await bell.sleep(pauseMs, context.clock, this.stopping);
      if (this.stopping.aborted) return;
      await task().catch((error: unknown) => {
        measures.trouble('upkeep');
        quiet.warn('upkeep', { error: String(error) }, 'Upkeep failed; trying again');
      });
    }
  }
}
