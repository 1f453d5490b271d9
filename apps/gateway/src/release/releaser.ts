import type { KafkaInspector } from '@signalbox/agent-kit-kafka';
import { SignalboxError } from '@signalbox/errors';
import type { Publisher } from '../publish/publisher.js';
import type { SourceBook } from '../sources/source-book.js';
import { newWebhookId } from '../record/webhook-id.js';
import { holderOf, leaseMs } from './holder.js';
import { ReleaseLog } from './release-log.js';
import type { ReleaseReport } from '@signalbox/sources';
import { releaseRun, type ReleaseRequest } from './release-run.js';

const lookAgainMs = 250;
/** How often a run gives a sign of life, in milliseconds. */
const signEveryMs = leaseMs / 4;
/** Longest wait for a run that was there before. */
const joinMsMax = 540_000;

export interface ReleaserParts {
  readonly book: SourceBook;
  readonly publisher: Publisher;
  readonly inspector: KafkaInspector;
}

/**
 * Releases kept webhooks as the events they would have been: verified and mapped again with today's secrets and rules. Asked
 * for twice, also of two gateways, it happens once: the second waits for the first and gets its report.
 */
export class Releaser {
  private readonly log: ReleaseLog;

  constructor(private readonly parts: ReleaserParts) {
    this.log = new ReleaseLog(parts.publisher, parts.inspector);
  }

  /** Throws `not_found` for an unknown source, `broker_unavailable` when Kafka is away; then it can be asked for again. */
  async release(request: ReleaseRequest): Promise<ReleaseReport> {
    const source = this.parts.book.named(request.source);
    if (!source) throw new SignalboxError('not_found', `There is no source ${request.source}.`);
    const run = newWebhookId();
    if (request.dryRun)
      return releaseRun({ ...this.parts, source, request, run, sign: () => Promise.resolve() });
    const entry = { run, source: source.name, by: request.by };
    await this.log.append({ kind: 'claim', ...entry });
    const holder = holderOf(await this.log.entries(), source.name, Date.now());
    if (holder !== undefined && holder !== run) {
      await this.log.append({ kind: 'joined', ...entry });
      return this.reportOf(holder, source.name);
    }
    const sign = every(signEveryMs, () => this.log.append({ kind: 'sign', ...entry }));
    let report: ReleaseReport | undefined;
    try {
      report = await releaseRun({ ...this.parts, source, request, run, sign });
      return report;
    } finally {
      await this.log.append({ kind: 'done', ...entry, ...(report ? { report } : {}) });
    }
  }

  private async reportOf(run: string, source: string): Promise<ReleaseReport> {
    const untilMs = Date.now() + joinMsMax;
    while (Date.now() < untilMs) {
      const entries = await this.log.entries();
      const done = entries.find((entry) => entry.kind === 'done' && entry.run === run);
      if (done?.report) return { ...done.report, joined: true };
      if (done || holderOf(entries, source, Date.now()) !== run) break;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
    throw new SignalboxError('overloaded', `Run ${run} was at it and has not ended well.`, {
      action: 'Ask again: what it released is not released twice.',
    });
  }
}

/** Calls `work` at most once in `ms` milliseconds. */
function every(ms: number, work: () => Promise<void>): () => Promise<void> {
  let lastMs = Date.now();
  return async () => {
    if (Date.now() - lastMs < ms) return;
    lastMs = Date.now();
    await work();
  };
}
