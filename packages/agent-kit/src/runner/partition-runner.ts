import { internalTopic } from '@signalbox/contracts';
import { ClaimLostError } from '../chunk/chunk.js';
import type { FetchedBatch, TopicPartition } from '../ports/records.js';
import type { Claim } from '../ports/store.js';
import { backoffMs } from './backoff.js';
import type { ChunkWorker, ClaimedChunk } from './chunk-worker.js';
import { claimPartition } from './claim-partition.js';
import type { RunnerPorts } from './ports.js';
import { RecordQueue } from './record-queue.js';

/** Chunks fetched ahead: above the first number the partition is paused, at the second it goes on. */
const QUEUE_CHUNKS_HIGH = 3;
const QUEUE_CHUNKS_LOW = 1;
/** The same for large records. */
const QUEUE_BYTES_HIGH = 4 * 1024 * 1024;
const QUEUE_BYTES_LOW = 1024 * 1024;
const UNACKNOWLEDGED_CHUNKS_MAX = 2;
/** Time for a member that was thrown out of its group to hear of it, before it takes the partition from its new owner. */
const CLAIM_LOST_WAIT_MS = 3_000;
/** What is still at work when the time is up gets no longer than this to notice. */
const ABANDON_MS = 2_000;

/** How a partition gets on, for health, metrics and watchdog. */
export interface RunnerState extends TopicPartition {
  /** Claimed and being read. */
  readonly isReading: boolean;
  /** Not fetched at the moment, on purpose. */
  readonly isPaused: boolean;
  /** Records between the progress and the end of the log, as of the last fetch; undefined before the first. */
  readonly lag: bigint | undefined;
  /** When the oldest record that was fetched and not handled was written (ms since 1970); undefined: none, or it waits on purpose. */
  readonly oldestMs: number | undefined;
  /** Since when (monotonic ms) there is work without a commit or a reported failure; undefined when there is none. */
  readonly silentSinceMs: number | undefined;
}

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
  private atWork: ClaimedChunk | undefined;
  private position = 0n;
  private highWatermark: bigint | undefined;
  private lastSignMs: number;

  constructor(
    readonly partition: TopicPartition,
    private readonly ports: RunnerPorts,
    private readonly worker: ChunkWorker,
  ) {
    this.lastSignMs = ports.context.clock.monotonicMs();
  }

  start(): void {
    this.running = this.run();
  }

  /** Takes a fetched batch; one that does not continue our position is dropped and the position sought again. */
  offer(batch: FetchedBatch): void {
    const { queue } = this;
    if (!queue || this.closing.signal.aborted) return;
    if (!this.hasWork) this.showLife();
    if (!queue.offer(batch)) {
      this.ports.consumer.seek(this.partition, queue.expected);
      return;
    }
    this.highWatermark = batch.highWatermark;
    const isFull = queue.size > QUEUE_CHUNKS_HIGH * this.worker.recordsMax || queue.bytes > QUEUE_BYTES_HIGH;
    if (isFull && !this.isPaused) this.pause();
  }

  /** Looks again, between chunks, whether the log is still the one the progress belongs to. */
  requestVerify(): void {
    if (!this.queue) return; // a claim looks anyway
    this.shouldVerify = true;
    if (this.queue.size === 0) this.queue.close();
  }

  /** Stops fetching while the agent is paused, and goes on afterwards; the membership is kept. */
  followSwitches(): void {
    if (this.isHeld) this.pause();
    else if (this.queue && this.hasRoom(this.queue)) this.resume();
    this.showLife();
  }

  /** While too many events are parked, what could only be parked as well is not fetched; retries and own events are. */
  private get isHeld(): boolean {
    const { switches, parked, context } = this.ports;
    const isInput = !this.worker.waitsOnPurpose && this.partition.topic !== internalTopic(context.agent.name);
    return switches.isPaused || (isInput && parked?.areInputsHeld === true);
  }

  /** Whether the partition is claimed and being read. */
  get isReading(): boolean {
    return this.queue !== undefined;
  }

  get hasWork(): boolean {
    return this.atWork !== undefined || (this.queue?.size ?? 0) > 0;
  }

  state(): RunnerState {
    const { isReading, isPaused, hasWork, highWatermark, position } = this;
    const waits = this.worker.waitsOnPurpose || this.ports.switches.isPaused;
    const oldest = this.atWork?.taken.records[0] ?? this.queue?.head;
    return {
      ...this.partition,
      isReading,
      isPaused,
      lag: highWatermark === undefined ? undefined : max(highWatermark - position, 0n),
      oldestMs: waits ? undefined : oldest?.timestampMs,
      silentSinceMs: hasWork && !waits ? this.lastSignMs : undefined,
    };
  }

  /** Finishes the chunk in hand, waits for its records to be taken by the broker (at most `drainMs`) and lets go. */
  async stop(drainMs: number): Promise<void> {
    this.pause();
    this.closing.abort();
    this.queue?.close();
    const { clock } = this.ports.context;
    const graceful = Promise.resolve(this.running).then(() => Promise.allSettled(this.unacknowledged));
    const isDone = await Promise.race([
      graceful.then(() => true),
      clock.sleep(drainMs, this.stopping.signal).then(() => false),
    ]);
    this.stopping.abort();
    // A statement that hangs is not waited for: the fence keeps what it does from counting.
    if (!isDone) await Promise.race([this.running, clock.sleep(ABANDON_MS)]);
  }

  private async run(): Promise<void> {
    for (let attempt = 1; !this.closing.signal.aborted; attempt += 1) {
      const before = this.lastSignMs;
      try {
        await this.claimAndWork();
        attempt = 0;
      } catch (error) {
        if (this.closing.signal.aborted) return;
        this.letGo();
        if (this.lastSignMs !== before) attempt = 1;
        await this.waitAfter(error, attempt);
      }
    }
  }

  private async waitAfter(error: unknown, attempt: number): Promise<void> {
    const { quiet, random, context, measures } = this.ports;
    const isLost = error instanceof ClaimLostError;
    if (!isLost) {
      measures.trouble('claim');
      const fields = { ...this.partition, error: String(error) };
      quiet.warn('claim', fields, 'The partition cannot be worked on; trying again');
    }
    const waitMs = isLost ? CLAIM_LOST_WAIT_MS : backoffMs(attempt, random);
    await context.clock.sleep(waitMs, this.closing.signal);
  }

  /** Ends when the partition is being let go of or is to be looked at again. */
  private async claimAndWork(): Promise<void> {
    const claim = await claimPartition(this.partition, this.ports, this.closing.signal);
    this.closing.signal.throwIfAborted();
    const queue = new RecordQueue(claim.nextOffset);
    this.queue = queue;
    this.shouldVerify = false;
    this.position = claim.nextOffset;
    this.showLife();
    this.ports.consumer.seek(this.partition, claim.nextOffset);
    this.resume();
    await this.workOff(queue, claim);
    this.letGo();
  }

  private async workOff(queue: RecordQueue, claim: Claim): Promise<void> {
    for (;;) {
      const taken = await queue.take(this.worker.recordsMax);
      await this.ports.switches.untilResumed(this.closing.signal);
      if (!taken || this.closing.signal.aborted) return;
      if (this.isPaused && this.hasRoom(queue)) this.resume();
      await this.work({ partition: this.partition, claim, from: this.position, taken });
      this.position = taken.next;
      if (this.shouldVerify) return;
    }
  }

  private async work(chunk: ClaimedChunk): Promise<void> {
    const { context, measures } = this.ports;
    const signals = {
      closing: this.closing.signal,
      stopping: this.stopping.signal,
      onTrouble: () => this.showLife(),
    };
    this.atWork = chunk;
    const startedMs = context.clock.monotonicMs();
    try {
      await this.worker.work(chunk, signals, (published) => this.track(published));
    } finally {
      this.atWork = undefined;
    }
    this.showLife();
    measures.chunk(this.partition, chunk.taken.records.length, this.lastSignMs - startedMs);
    while (this.unacknowledged.size >= UNACKNOWLEDGED_CHUNKS_MAX && !this.stopping.signal.aborted) {
      await Promise.race([...this.unacknowledged, this.aborted]);
    }
  }

  private track(published: Promise<void>): void {
    const tracked = published.finally(() => this.unacknowledged.delete(tracked));
    this.unacknowledged.add(tracked);
  }

  private hasRoom(queue: RecordQueue): boolean {
    return queue.size <= QUEUE_CHUNKS_LOW * this.worker.recordsMax && queue.bytes <= QUEUE_BYTES_LOW;
  }

  private showLife(): void {
    this.lastSignMs = this.ports.context.clock.monotonicMs();
  }

  private letGo(): void {
    this.pause();
    this.queue = undefined;
  }

  /** Once the partition is being let go of it may be another's, also another runner's of this process: hands off. */
  private pause(): void {
    this.isPaused = true;
    if (!this.closing.signal.aborted) this.ports.consumer.pause([this.partition]);
  }

  private resume(): void {
    if (this.closing.signal.aborted || this.isHeld) return;
    this.isPaused = false;
    this.ports.consumer.resume([this.partition]);
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
