import type { TopicPartition } from '@signalbox/agent-kit';
import type { Outcome } from './outcome.js';
import type { Item } from './send-call.js';

export interface LaneLimits {
  readonly batchBytesMax: number;
  readonly batchRecordsMax: number;
  /** How long a topic may be unknown before its records are refused, in milliseconds. */
  readonly unknownTopicMs: number;
}

export interface LanePorts {
  /** Sends one batch to one partition, once; may share a request with other partitions. Never rejects. */
  attempt(to: TopicPartition, items: readonly Item[]): Promise<Outcome>;
  /** Waits before the next attempt; ends early when the producer closes. */
  pause(ms: number): Promise<void>;
  nowMs(): number;
  /** The items are no longer held. */
  released(items: readonly Item[]): void;
}

const retryDelayMsFirst = 100;
const retryDelayMsMax = 2_000;

// Called for each record, so not made anew for each batch: see ADR 0009.
const isSettled = ({ call }: Item): boolean => call.settled;
const acknowledge = ({ call }: Item): void => call.acknowledge();

const abandoned = (batch: readonly Item[]): boolean => batch.every(isSettled);

/**
 * The way to one partition: one batch in flight, in the order of the calls. What waits meanwhile is the next batch.
 * A batch is tried again as long as somebody waits for it, so what all callers gave up ends with the attempt.
 */
export class Lane {
  private queue: Item[] = [];
  /** Halves of a refused batch; they go before the queue. */
  private readonly halves: Item[][] = [];
  private running = false;

  constructor(
    private readonly to: TopicPartition,
    private readonly limits: LaneLimits,
    private readonly ports: LanePorts,
  ) {}

  get idle(): boolean {
    return !this.running;
  }

  push(items: readonly Item[]): void {
    for (const item of items) this.queue.push(item);
    if (this.running) return;
    this.running = true;
    // After the calls of this turn have queued theirs.
    queueMicrotask(() => void this.run());
  }

  private async run(): Promise<void> {
    for (let batch = this.next(); batch.length > 0; batch = this.next()) await this.deliver(batch);
    this.running = false;
  }

  private next(): Item[] {
    const half = this.halves.shift();
    if (half) return half;
    const { batchBytesMax, batchRecordsMax } = this.limits;
    const batch: Item[] = [];
    const dropped: Item[] = [];
    let bytes = 0;
    let seen = 0;
    for (; seen < this.queue.length && batch.length < batchRecordsMax; seen += 1) {
      const item = this.queue[seen] as Item;
      if (item.call.settled) {
        dropped.push(item);
        continue;
      }
      if (batch.length > 0 && bytes + item.bytes > batchBytesMax) break;
      bytes += item.bytes;
      batch.push(item);
    }
    this.queue.splice(0, seen);
    if (dropped.length > 0) this.ports.released(dropped);
    return batch;
  }

  /** Nobody waits for these any more: they are not sent, and give their memory back. */
  private dropSettled(): void {
    const dropped = this.queue.filter((item) => item.call.settled);
    if (dropped.length === 0) return;
    this.queue = this.queue.filter((item) => !item.call.settled);
    this.ports.released(dropped);
  }

  private async deliver(batch: Item[]): Promise<void> {
    let ambiguous = false;
    let unknownSinceMs: number | undefined;
    if (abandoned(batch)) return this.settle(batch, () => undefined);
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.ports.attempt(this.to, batch);
      if (outcome.kind === 'written') return this.settle(batch, acknowledge);
      if (outcome.kind === 'refused') return this.refuse(batch, outcome.scope, outcome.reason, ambiguous);
      const now = this.ports.nowMs();
      if (outcome.kind === 'unknown_topic') {
        unknownSinceMs ??= now;
        const unknownMs = now - unknownSinceMs;
        if (unknownMs >= this.limits.unknownTopicMs)
          return this.refuse(batch, 'topic', outcome.reason, ambiguous);
      } else {
        unknownSinceMs = undefined;
        ambiguous ||= outcome.ambiguous;
      }
      if (abandoned(batch)) return this.settle(batch, () => undefined);
      this.dropSettled();
      await this.ports.pause(Math.min(retryDelayMsFirst * 2 ** (attempts - 1), retryDelayMsMax));
    }
  }

  /** Finds the refused record by halving; its neighbours go on. */
  private refuse(batch: Item[], scope: 'record' | 'topic', reason: string, ambiguous: boolean): void {
    if (scope === 'record' && batch.length > 1) {
      const middle = batch.length >> 1;
      this.halves.unshift(batch.slice(0, middle), batch.slice(middle));
      return;
    }
    this.settle(batch, ({ call, index }) => {
      // An earlier attempt may have been written: then "refused" would be a lie.
      if (ambiguous) call.unavailable(`refused at last, but an earlier attempt is unknown (${reason})`);
      else call.refuse(index, reason);
    });
  }

  private settle(batch: readonly Item[], how: (item: Item) => void): void {
    batch.forEach(how);
    this.ports.released(batch);
  }
}
