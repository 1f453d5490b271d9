import type { FetchedBatch, IncomingRecord } from '../ports/records.js';

/** Records taken for one chunk: `next` is the position after them, markers and compacted records included. */
export interface QueuedChunk {
  readonly records: readonly IncomingRecord[];
  readonly next: bigint;
}

interface Segment {
  readonly records: readonly IncomingRecord[];
  readonly lastOffset: bigint;
  taken: number;
}

/** Fetched records of one partition that wait for their chunk, in order. */
export class RecordQueue {
  private segments: Segment[] = [];
  private waiting: (() => void) | undefined;
  private records = 0;
  private closed = false;

  /** @param position offset the next batch must have been fetched from. */
  constructor(private position: bigint) {}

  /** False when the batch does not continue where the last one ended: the caller seeks to `expected`. */
  offer(batch: FetchedBatch): boolean {
    if (batch.fetchedOffset !== this.position) return false;
    this.position = batch.lastOffset + 1n;
    this.segments.push({ records: batch.records, lastOffset: batch.lastOffset, taken: 0 });
    this.records += batch.records.length;
    this.waiting?.();
    return true;
  }

  get expected(): bigint {
    return this.position;
  }

  get size(): number {
    return this.records;
  }

  /** Waits for records; undefined when the queue was closed. */
  async take(max: number): Promise<QueuedChunk | undefined> {
    while (this.segments.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => (this.waiting = resolve));
      this.waiting = undefined;
    }
    return this.closed ? undefined : this.collect(max);
  }

  close(): void {
    this.closed = true;
    this.waiting?.();
  }

  private collect(max: number): QueuedChunk {
    const records: IncomingRecord[] = [];
    let next = 0n;
    while (records.length < max) {
      const segment = this.segments[0];
      if (!segment) break;
      const part = segment.records.slice(segment.taken, segment.taken + max - records.length);
      records.push(...part);
      segment.taken += part.length;
      const isExhausted = segment.taken === segment.records.length;
      next = isExhausted ? segment.lastOffset + 1n : (records.at(-1) as IncomingRecord).offset + 1n;
      if (isExhausted) this.segments.shift();
    }
    this.records -= records.length;
    return { records, next };
  }
}
