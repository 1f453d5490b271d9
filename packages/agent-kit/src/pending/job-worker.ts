import { SignalboxError } from '@signalbox/errors';
import type { ActVerdict, PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import type { RunnerPorts } from '../runner/ports.js';
import { actStartOf, attempt, jobOf, LEASE_MS, type ActResult, type Job } from './act.js';
import { commitRow } from './commit-row.js';
import type { Answer, DestinationLimits, DestinationStatus } from './destination.js';
import { Destinations } from './destinations.js';
import type { DueBatch, DueWork } from './due-loop.js';
import { JobFinisher } from './job-finisher.js';
import type { Narrow } from './narrow.js';
import { refuseJob } from './refuse-job.js';
import { chooseOneSuspect, isSuspect } from './suspects.js';

/** Calls at work at once for a destination, where the handler does not say otherwise. */
const CONCURRENCY = 4;

/** A job that was taken: it may begin, or can't. */
type Begun =
  | { readonly kind: 'job'; readonly job: Job; readonly verdict: Promise<ActVerdict> }
  | { readonly kind: 'refused'; readonly error: unknown };

/** Jobs of connectors: calls to the outside, each destination with limits of its own. */
export class JobWorker implements DueWork {
  readonly gatherMs = 0;
  /** Called when a call has ended and left its place to another. */
  onPlace: () => void = () => undefined;
  private readonly destinations: Destinations;
  private readonly finisher: JobFinisher;
  private readonly begun = new Map<bigint, Begun>();
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
    this.finisher = new JobFinisher(ports, cut);
    const performs = agent.handlers.filter((handler) => handler.kind === 'perform');
    this.concurrencyMax = Math.max(CONCURRENCY, ...performs.map(({ concurrency = 0 }) => concurrency));
  }

  status(): DestinationStatus[] {
    return this.destinations.status();
  }

  async take(places: number, atWork: readonly bigint[]): Promise<readonly DueBatch[]> {
    const { kinds, limit } = await this.narrow(['job'], places, atWork.length);
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
    const admitted = await this.admit(claimed);
    this.begin(admitted);
    return admitted.map((row) => [row]);
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

  /** Notes in the ledger, with one commit for all, that the calls begin; meanwhile further rows may be taken. */
  private begin(rows: readonly PendingRow[]): void {
    const jobs: Job[] = [];
    for (const row of rows) {
      try {
        jobs.push(jobOf(row, this.handlerOf(row), this.ports.context.agent.name));
      } catch (error) {
        this.begun.set(row.id, { kind: 'refused', error });
      }
    }
    if (jobs.length === 0) return;
    const verdicts = this.ports.store.startActs(jobs.map(actStartOf));
    jobs.forEach((job, at) => {
      const verdict = verdicts.then((all) => all[at] as ActVerdict);
      verdict.catch(() => undefined); // its row's run tells of it
      this.begun.set(job.row.id, { kind: 'job', job, verdict });
    });
  }

  async run([row]: DueBatch): Promise<readonly DueBatch[]> {
    if (row) await this.perform(row).finally(() => this.settled(row));
    return [];
  }

  private async perform(row: PendingRow): Promise<void> {
    const { ports, cut } = this;
    const begun = this.begun.get(row.id);
    this.begun.delete(row.id);
    if (begun?.kind !== 'job') {
      this.leave(row, { kind: 'none' });
      return commitRow(() => refuseJob(row, begun?.error, ports), ports, cut);
    }
    const result = await this.act(begun);
    if (result.kind !== 'lost') await this.finisher.finish({ job: begun.job, result });
  }

  /** One attempt, as soon as the ledger knows of it. The place is given back whatever becomes of it. */
  private async act({ job, verdict }: Extract<Begun, { kind: 'job' }>): Promise<ActResult> {
    let answer: Answer = { kind: 'none' };
    try {
      const result = await attempt(job, await verdict, this.ports.context, this.cut);
      answer = result.answer;
      return result;
    } finally {
      this.leave(job.row, answer);
    }
  }

  private handlerOf(row: PendingRow): AnyPerform {
    const handler = this.ports.context.registry.handler(row.handler);
    if (handler?.kind === 'perform') return handler;
    throw new SignalboxError('handler_fatal', `this code has no connector handler '${row.handler}'`);
  }

  /** The row's result is written, or it is given up here: the next suspect may run. */
  private settled(row: PendingRow): void {
    if (this.suspectAtWork !== row.id) return;
    this.suspectAtWork = undefined;
    this.held.clear();
  }

  /** The call is over: its place is free while the result is being written. */
  private leave(row: PendingRow, answer: Answer): void {
    const destination = row.destination ?? '';
    const change = this.destinations.leave(destination, answer);
    const { log } = this.ports;
    if (change?.kind === 'opened') {
      const fields = { destination, openMs: change.openMs };
      log.warn(fields, 'The circuit has opened: the destination fails and gets no calls for a while');
    }
    if (change?.kind === 'closed')
      log.info({ destination }, 'The circuit has closed: the destination answers again');
    this.onPlace();
  }

  async msToNext(): Promise<number | undefined> {
    const { inMs = Infinity } = await this.ports.store.nextDue(['job']);
    return Math.min(inMs, this.destinations.msToNext() ?? Infinity);
  }
}
