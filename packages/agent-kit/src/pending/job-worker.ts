import { SignalboxError } from '@signalbox/errors';
import type { PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import type { RunnerPorts } from '../runner/ports.js';
import { attempt, jobOf, LEASE_MS, type ActResult, type Job } from './act.js';
import { commitRow } from './commit-row.js';
import type { Answer, DestinationLimits, DestinationStatus } from './destination.js';
import { Destinations } from './destinations.js';
import type { DueWork } from './due-loop.js';
import { finishJob } from './finish-job.js';
import type { Narrow } from './narrow.js';
import { refuseJob } from './refuse-job.js';
import { chooseOneSuspect, isSuspect } from './suspects.js';

/** Calls at work at once for a destination, where the handler does not say otherwise. */
const CONCURRENCY = 4;

/** Jobs of connectors: calls to the outside, each destination with limits of its own. */
export class JobWorker implements DueWork {
  private readonly destinations: Destinations;
  private readonly concurrencyMax: number;
  /** Suspects that wait until the one at work has ended. */
  private readonly held = new Set<bigint>();
  private suspectAtWork: bigint | undefined;

  constructor(
    private readonly ports: RunnerPorts,
    private readonly cut: AbortSignal,
    private readonly narrow: Narrow,
  ) {
    const { clock, agent } = ports.context;
    this.destinations = new Destinations(() => clock.monotonicMs());
    const performs = agent.handlers.filter((handler) => handler.kind === 'perform');
    this.concurrencyMax = Math.max(CONCURRENCY, ...performs.map(({ concurrency = 0 }) => concurrency));
  }

  status(): DestinationStatus[] {
    return this.destinations.status();
  }

  async take(places: number, atWork: readonly bigint[]): Promise<readonly PendingRow[]> {
    const { kinds, limit } = await this.narrow(['job'], places);
    if (!kinds.includes('job') || limit < 1) return [];
    const jobsByDestination = this.destinations.places();
    const claimed = await this.ports.store.claimDue({
      kinds: ['job'],
      limit,
      leaseMs: LEASE_MS,
      timersUntil: null,
      exceptDestinations: Object.keys(jobsByDestination).filter((name) => jobsByDestination[name] === 0),
      jobsByDestination,
      jobsPerDestinationMax: this.concurrencyMax,
      exceptIds: [...atWork, ...this.held],
    });
    return this.admit(claimed);
  }

  /** Takes a place for each row that may run now and gives the others back. */
  private async admit(claimed: readonly PendingRow[]): Promise<PendingRow[]> {
    const { run, giveBack } = chooseOneSuspect(claimed, this.suspectAtWork !== undefined);
    for (const { id } of giveBack) this.held.add(id);
    const admitted: PendingRow[] = [];
    const refused: PendingRow[] = [...giveBack];
    for (const row of run) {
      const hasPlace = this.destinations.enter(row.destination ?? '', this.limitsOf(row));
      (hasPlace ? admitted : refused).push(row);
      if (hasPlace && isSuspect(row)) this.suspectAtWork = row.id;
    }
    if (refused.length > 0) await this.giveBack(refused);
    return admitted;
  }

  private limitsOf(row: PendingRow): DestinationLimits {
    const handler = this.ports.context.registry.handler(row.handler);
    if (handler?.kind !== 'perform') return { concurrency: CONCURRENCY };
    const { concurrency = CONCURRENCY, ratePerSecond } = handler;
    return ratePerSecond === undefined ? { concurrency } : { concurrency, ratePerSecond };
  }

  private async giveBack(rows: readonly PendingRow[]): Promise<void> {
    await this.ports.store.unclaim(rows.map(({ lease }) => lease)).catch(() => undefined); // their leases run out
  }

  async run(row: PendingRow): Promise<void> {
    let answer: Answer = { kind: 'none' };
    try {
      answer = await this.perform(row);
    } finally {
      this.leave(row, answer);
    }
  }

  private async perform(row: PendingRow): Promise<Answer> {
    const { ports, cut } = this;
    let job: Job;
    try {
      job = jobOf(row, this.handlerOf(row), ports.context.agent.name);
    } catch (error) {
      await commitRow(row, () => refuseJob(row, error, ports), ports, cut);
      return { kind: 'none' };
    }
    const result = await attempt(job, ports, new Date(ports.context.clock.nowMs()), cut);
    if (result.kind !== 'lost') await this.finish(job, result);
    return result.answer;
  }

  /** When the database refuses what the result led to, the act is done all the same: a dead letter tells of it. */
  private async finish(job: Job, result: Exclude<ActResult, { kind: 'lost' }>): Promise<void> {
    const { ports, cut } = this;
    try {
      await commitRow(job.row, () => finishJob(job, result, ports), ports, cut);
    } catch (error) {
      if (cut.aborted) throw error;
      const refusal = new SignalboxError(
        'output_invalid',
        `the database refused the result: ${String(error)}`,
      );
      await commitRow(job.row, () => refuseJob(job.row, refusal, ports), ports, cut);
    }
  }

  private handlerOf(row: PendingRow): AnyPerform {
    const handler = this.ports.context.registry.handler(row.handler);
    if (handler?.kind === 'perform') return handler;
    throw new SignalboxError('handler_fatal', `this code has no connector handler '${row.handler}'`);
  }

  private leave(row: PendingRow, answer: Answer): void {
    if (this.suspectAtWork === row.id) {
      this.suspectAtWork = undefined;
      this.held.clear();
    }
    const destination = row.destination ?? '';
    const change = this.destinations.leave(destination, answer);
    const { log } = this.ports;
    if (change?.kind === 'opened') {
      const fields = { destination, openMs: change.openMs };
      log.warn(fields, 'The circuit has opened: the destination fails and gets no calls for a while');
    }
    if (change?.kind === 'closed')
      log.info({ destination }, 'The circuit has closed: the destination answers again');
  }

  async msToNext(since: Date): Promise<number | undefined> {
    const dueMs = (await this.ports.store.msToNextDue(['job'], since)) ?? Infinity;
    return Math.min(dueMs, this.destinations.msToNext() ?? Infinity);
  }
}
