import { catalogue } from '@signalbox/contracts';
import type { StateKey } from '../state.js';
import type { StoreMeasures, Upkeep } from '../ports/upkeep.js';
import { publishForeign } from './claim-partition.js';
import type { RunnerState } from './partition-runner.js';
import type { RunnerPorts } from './ports.js';
import type { PeriodicTask } from './upkeep-loops.js';

const DAY_MS = 86_400_000;
export const INBOX_WINDOW_MS = 30 * DAY_MS;
const FORGET_EVERY_MS = 10_000;
const FORGET_ROWS_MAX = 2_000;
const DROP_EVERY_MS = 5_000;
const DROP_ROWS_MAX = 1_000;
/** From the end of one round through all keys to the next: few keys are not gone through again and again. */
const ROUND_EVERY_MS = 60_000;
const MEASURE_EVERY_MS = 10_000;
const RESCUE_EVERY_MS = 15_000;
/** A row of this process that it has committed and lost sight of, for instance with the answer to its COMMIT. */
const RESCUE_OLDER_MS = 30_000;
const RESCUE_ROWS_MAX = 500;

/** What an agent does beside its work: forgets old ids, drops empty keys, measures, publishes what it lost sight of. */
export class Housekeeping {
  private lastKey: StateKey | undefined;
  private last: StoreMeasures | undefined;
  private destinations = new Set<string>();

  constructor(
    private readonly ports: RunnerPorts,
    private readonly upkeep: Upkeep | undefined,
    private readonly states: () => readonly RunnerState[],
    private readonly windowMs = INBOX_WINDOW_MS,
  ) {}

  get measured(): StoreMeasures | undefined {
    return this.last;
  }

  /** Learns what was forgotten before the first event is handled. */
  async start(): Promise<void> {
    if (this.upkeep) await this.forget(this.upkeep);
  }

  get tasks(): readonly PeriodicTask[] {
    const { upkeep } = this;
    if (!upkeep) return [];
    return [
      [FORGET_EVERY_MS, () => this.forget(upkeep)],
      [() => (this.lastKey ? DROP_EVERY_MS : ROUND_EVERY_MS), () => this.dropKeys(upkeep)],
      [MEASURE_EVERY_MS, () => this.measure(upkeep)],
      [RESCUE_EVERY_MS, () => this.rescue(upkeep)],
    ];
  }

  private async forget(upkeep: Upkeep): Promise<void> {
    const { forgotten } = this.ports.context;
    const { until } = await upkeep.forgetInbox(this.windowMs, FORGET_ROWS_MAX);
    if (forgotten) forgotten.until = until;
  }

  /** A page at a time, round and round. */
  private async dropKeys(upkeep: Upkeep): Promise<void> {
    this.lastKey = await upkeep.dropEmptyKeys(this.lastKey, DROP_ROWS_MAX);
  }

  private async rescue(upkeep: Upkeep): Promise<void> {
    const { publisher, acknowledged, log } = this.ports;
    const known = [...publisher.inFlight, ...acknowledged.waiting];
    const rows = await upkeep.orphanedOutbox(RESCUE_OLDER_MS, known, RESCUE_ROWS_MAX);
    if (rows.length === 0) return;
    log.warn({ rows: rows.length }, 'Records that were committed and lost sight of are published now');
    await publishForeign(rows, this.ports);
  }

  private async measure(upkeep: Upkeep): Promise<void> {
    const { measures, context } = this.ports;
    const last = await upkeep.measure();
    this.last = last;
    for (const [kind, rows] of Object.entries(last.pending)) measures.gauge('pending_rows', rows, { kind });
    measures.gauge('pending_overdue_seconds', last.overdueMs / 1_000);
    measures.gauge('timer_lag_seconds', last.timerLagMs / 1_000);
    measures.gauge('outbox_age_seconds', last.outboxAgeMs / 1_000);
    measures.gauge('dead_letters_open', last.deadLettersOpen);
    this.showJobs(last.jobsByDestination);
    for (const { topic, partition, lag } of this.states()) {
      if (lag === undefined || !isInput(topic, context.agent.name)) continue;
      measures.gauge('lag_records', Number(lag), { topic, partition: String(partition) });
    }
  }

  /** A destination for which nothing waits any more is shown with 0 once. */
  private showJobs(jobs: StoreMeasures['jobsByDestination']): void {
    const all = { ...Object.fromEntries([...this.destinations].map((name) => [name, 0])), ...jobs };
    for (const [destination, rows] of Object.entries(all))
      this.ports.measures.gauge('destination_jobs', rows, { destination });
    this.destinations = new Set(Object.keys(jobs));
  }
}

/** Events from the catalogue and the agent's own; records of retry topics wait on purpose. */
const isInput = (topic: string, agent: string): boolean =>
  !topic.startsWith(`${agent}.retry.`) || catalogue.has(topic);
