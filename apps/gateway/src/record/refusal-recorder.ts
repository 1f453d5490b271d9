import { webhookReceived } from '@signalbox/contracts';
import { outgoing } from '../publish/outgoing.js';
import type { Publisher } from '../publish/publisher.js';
import { webhookRecord, type Decided } from './webhook-record.js';

/** Records of refused webhooks a second, on average; what comes above is only counted. */
export const refusalsPerSecondMax = 100;
const burstMax = 200;
const inFlightMax = 200;
const catchUpEveryMs = 1_000;

/** Refused webhooks of one source that have no record yet. */
interface Unrecorded {
  count: number;
  /** One of them, without its payload: when nothing else comes, it is recorded for all. */
  readonly example: Decided;
}

/**
 * Writes `webhook.received` for refused webhooks as well as it can: nobody waits for it, and a flood costs at most 100
 * records a second. None goes uncounted: what gets no record of its own is in `unrecorded` of the source's next one.
 */
export class RefusalRecorder {
  private tokens = burstMax;
  private refilledAtMs: number;
  private readonly writing = new Set<Promise<void>>();
  private readonly unrecorded = new Map<string, Unrecorded>();
  /** Records that may have been written or not; at most `inFlightMax`, because nothing new is tried before them. */
  private retries: Decided[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly onOutcome: (outcome: 'written' | 'failed' | 'skipped') => void,
    private readonly nowMs: () => number,
  ) {
    this.refilledAtMs = nowMs();
  }

  /** Asks for what is to be known of the webhook only when it will be written or is the first left out. */
  record(source: string, decide: () => Decided): void {
    if (this.retries.length === 0 && this.mayWrite()) this.write(decide());
    else this.leaveOut(source, decide);
  }

  /** Counts a refused webhook without writing a record now. */
  leaveOut(source: string, decide: () => Decided): void {
    this.onOutcome('skipped');
    const known = this.unrecorded.get(source);
    if (known) known.count += 1;
    else this.unrecorded.set(source, { count: 1, example: withoutPayload(decide()) });
  }

  /** Records from now on, every second, what was left out. */
  start(): void {
    this.timer = setInterval(() => this.catchUp(), catchUpEveryMs).unref();
  }

  /** Writes what is left and waits for it; in vain while Kafka is away. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.catchUp(true);
    await Promise.all(this.writing);
  }

  /**
   * What is left of before: first the records nobody knows about, as they were, so that `webhook_id` shows a repeat; then one
   * for each source with webhooks that have none. Within the limits, unless it is the `last` time.
   */
  catchUp(last = false): void {
    const retries = this.retries;
    this.retries = [];
    for (const decided of retries) this.write(decided);
    if (retries.length > 0 && !last) return;
    for (const { count, example } of [...this.unrecorded.values()]) {
      if (!last && !this.mayWrite()) return;
      this.unrecorded.delete(example.source);
      this.write({ ...example, unrecorded: count - 1 });
    }
  }

  /** The record stands for itself and for all of its source before it that have none. */
  private write(decided: Decided): void {
    const before = this.unrecorded.get(decided.source)?.count ?? 0;
    const told = { ...decided, unrecorded: decided.unrecorded ?? before };
    if (decided.unrecorded === undefined) this.unrecorded.delete(decided.source);
    const done = this.publish(told).then(
      () => this.onOutcome('written'),
      () => {
        this.onOutcome('failed');
        this.retries.push(withoutPayload(told));
      },
    );
    this.writing.add(done);
    void done.finally(() => this.writing.delete(done));
  }

  private async publish(decided: Decided): Promise<void> {
    const publication = this.publisher.publish([outgoing(webhookReceived, webhookRecord(decided))]);
    // Late is not lost: the place is free, and the record counted, only once it is known what became of it.
    await Promise.allSettled([publication.acknowledged, publication.settled]);
    if (!publication.written) await publication.acknowledged;
  }

  private mayWrite(): boolean {
    if (this.writing.size >= inFlightMax) return false;
    const nowMs = this.nowMs();
    const earned = ((nowMs - this.refilledAtMs) / 1_000) * refusalsPerSecondMax;
    this.tokens = Math.min(burstMax, this.tokens + Math.max(0, earned));
    this.refilledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

function withoutPayload(decided: Decided): Decided {
  const { payload: _, ...rest } = decided;
  return rest;
}
