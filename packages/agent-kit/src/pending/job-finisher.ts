import { SignalboxError } from '@signalbox/errors';
import type { RunnerPorts } from '../runner/ports.js';
import { commitBatch, commitRow } from './commit-row.js';
import { finishJobs, type EndedJob } from './finish-job.js';
import { refuseJob } from './refuse-job.js';

/** Results of one transaction. */
const BATCH_JOBS_MAX = 200;

interface Waiting extends EndedJob {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Writes how jobs ended: what ends while a transaction is under way goes with the next one. */
export class JobFinisher {
  private waiting: Waiting[] = [];
  private isAtWork = false;

  constructor(
    private readonly ports: RunnerPorts,
    private readonly cut: AbortSignal,
  ) {}

  /** Resolves once the database has the result; rejects when it could not be written before `cut` aborted. */
  finish(ended: EndedJob): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ ...ended, done, failed });
      if (!this.isAtWork) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isAtWork = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_JOBS_MAX);
      await this.commit(batch).catch((error: unknown) => batch.forEach(({ failed }) => failed(error)));
    }
    this.isAtWork = false;
  }

  private async commit(items: readonly Waiting[]): Promise<void> {
    const { ports, cut } = this;
    const onCommitted = (ended: readonly Waiting[]): void => ended.forEach(({ done }) => done());
    const write = (ended: readonly Waiting[]): ReturnType<typeof finishJobs> => finishJobs(ended, ports);
    await commitBatch(
      { items, write, onCommitted, onRefused: (one, why) => this.refuse(one, why) },
      ports,
      cut,
    );
  }

  /** When the database refuses what the result led to, the act is done all the same: a dead letter tells of it. */
  private async refuse({ job, done }: Waiting, why: unknown): Promise<void> {
    const refusal = new SignalboxError('output_invalid', `the database refused the result: ${String(why)}`);
    await commitRow(() => refuseJob(job.row, refusal, this.ports), this.ports, this.cut);
    done();
  }
}
