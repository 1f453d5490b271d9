import { ClaimLostError } from '../chunk/chunk.js';
import type { CommittedRow } from '../outbox/committed-row.js';
import type { FetchedBatch, TopicPartition } from '../ports/records.js';
import { backoffMs } from './backoff.js';
import type { ChunkWorker, ClaimedChunk } from './chunk-worker.js';
import { claimPartition } from './claim-partition.js';
import type { RunnerPorts } from './ports.js';
import { RecordQueue } from './record-queue.js';

/** Chunks fetched ahead: above the first number the partition is paused, at the second it goes on. */
const QUEUE_CHUNKS_HIGH = 3;
const QUEUE_CHUNKS_LOW = 1;
const UNACKNOWLEDGED_CHUNKS_MAX = 2;

/** Works off one assigned partition: claims it, turns fetched records into chunks, publishes what they led to. */
export class PartitionRunner {
  private queue: RecordQueue | undefined;
  private isPaused = true;
  private readonly closing = new AbortController();
  private readonly stopping = new AbortController();
  private readonly aborted = once(this.stopping.signal);
  private readonly unacknowledged = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private shouldVerify = false;
  /** When the last chunk was committed, in real milliseconds. */
  lastCommitMs: number;

  constructor(
    readonly partition: TopicPartition,
    private readonly ports: RunnerPorts,
    private readonly worker: ChunkWorker,
  ) {
    this.lastCommitMs = ports.context.clock.nowMs();
  }

  start(): void {
    this.running = this.run();
  }

  /** Takes a fetched batch; one that does not continue our position is dropped and the position sought again. */
  offer(batch: FetchedBatch): void {
    const { queue } = this;
    if (!queue) return;
    if (!queue.offer(batch)) {
      this.ports.consumer.seek(this.partition, queue.expected);
      return;
    }
    if (queue.size > QUEUE_CHUNKS_HIGH * this.worker.recordsMax && !this.isPaused) this.pause();
  }

  /** Looks again, between chunks, whether the log is still the one the progress belongs to. */
  requestVerify(): void {
    this.shouldVerify = true;
    if (this.queue?.size === 0) this.queue.close();
  }

  /** Stops fetching while the agent is paused, and goes on afterwards; the membership is kept. */
  followSwitches(): void {
    if (this.ports.switches.isPaused) this.pause();
    else if (this.queue && this.queue.size <= QUEUE_CHUNKS_LOW * this.worker.recordsMax) this.resume();
  }

  /** Whether the partition is claimed and being read. */
  get isReading(): boolean {
    return this.queue !== undefined;
  }

  get hasWork(): boolean {
    return (this.queue?.size ?? 0) > 0;
  }

  /** Finishes the chunk in hand, waits for its records to be taken by the broker (at most `drainMs`) and lets go. */
  async stop(drainMs: number): Promise<void> {
    this.closing.abort();
    this.pause();
    this.queue?.close();
    const { clock } = this.ports.context;
    const graceful = Promise.resolve(this.running).then(() => Promise.allSettled(this.unacknowledged));
    const isDone = await Promise.race([
      graceful.then(() => true),
      clock.sleep(drainMs, this.stopping.signal).then(() => false),
    ]);
    this.stopping.abort();
    if (!isDone) await this.running;
  }

  private async run(): Promise<void> {
    for (let attempt = 1; !this.closing.signal.aborted; attempt += 1) {
      try {
        await this.claimAndWork();
        if (!this.shouldVerify) return;
        this.shouldVerify = false;
        attempt = 0;
      } catch (error) {
        if (this.closing.signal.aborted) return;
        this.queue = undefined;
        if (!(error instanceof ClaimLostError)) {
          this.ports.quiet.warn(
            'claim',
            { ...this.partition, error: String(error) },
            'The partition cannot be worked on; trying again',
          );
        }
        await this.ports.context.clock.sleep(backoffMs(attempt, this.ports.random), this.closing.signal);
      }
    }
  }

  private async claimAndWork(): Promise<void> {
    const claim = await claimPartition(this.partition, this.ports);
    const queue = new RecordQueue(claim.nextOffset);
    this.queue = queue;
    this.ports.consumer.seek(this.partition, claim.nextOffset);
    this.resume();
    let from = claim.nextOffset;
    let taken = await queue.take(this.worker.recordsMax);
    while (taken) {
      if (queue.size <= QUEUE_CHUNKS_LOW * this.worker.recordsMax && this.isPaused) this.resume();
      await this.ports.switches.untilResumed(this.closing.signal);
      if (this.closing.signal.aborted) break;
      await this.work({ partition: this.partition, claim, from, taken });
      from = taken.next;
      if (this.shouldVerify) break;
      taken = await queue.take(this.worker.recordsMax);
    }
    this.pause();
    this.queue = undefined;
  }

  private async work(chunk: ClaimedChunk): Promise<void> {
    const signals = { closing: this.closing.signal, stopping: this.stopping.signal };
    await this.worker.work(chunk, signals, (rows) => this.publish(rows));
    this.lastCommitMs = this.ports.context.clock.nowMs();
    this.ports.wakePending();
    while (this.unacknowledged.size >= UNACKNOWLEDGED_CHUNKS_MAX && !this.stopping.signal.aborted) {
      await Promise.race([...this.unacknowledged, this.aborted]);
    }
  }

  private publish(rows: readonly CommittedRow[]): void {
    if (rows.length === 0) return;
    const task: Promise<void> = this.ports.publisher.publish(rows).then(
      () => this.ports.acknowledged.add(rows.map(({ id }) => id)),
      () => undefined, // stopped: the rows stay in the outbox for the next owner
    );
    const tracked = task.finally(() => this.unacknowledged.delete(tracked));
    this.unacknowledged.add(tracked);
  }

  private pause(): void {
    this.isPaused = true;
    this.ports.consumer.pause([this.partition]);
  }

  private resume(): void {
    if (this.ports.switches.isPaused) return;
    this.isPaused = false;
    this.ports.consumer.resume([this.partition]);
  }
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
