import type { FetchedBatch, IncomingRecord } from '../ports/records.js';

/** Records taken for one chunk: `next` is the position after them, markers and compacted records included. */
export interface QueuedChunk {
  readonly records: readonly IncomingRecord[];
  readonly next: bigint;
}

interface Segment {
  readonly records: readonly IncomingRecord[];
  readonly lastOffset: bigint;
  readonly bytesPerRecord: number;
  taken: number;
}

const bytesOf = ({ key, value }: IncomingRecord): number => (key?.length ?? 0) + (value?.length ?? 0);

/** Fetched records of one partition that wait for their chunk, in order. */
export class RecordQueue {
  private segments: Segment[] = [];
  private waiting: (() => void) | undefined;
  private records = 0;
  private held = 0;
  private closed = false;

  /** @param position offset the next batch must have been fetched from. */
  constructor(private position: bigint) {}

  /** False when the batch does not continue where the last one ended: the caller seeks to `expected`. */
  offer(batch: FetchedBatch): boolean {
    if (batch.fetchedOffset !== this.position) return false;
    this.position = batch.lastOffset + 1n;
    const { records, lastOffset } = batch;
    let bytes = 0;
    for (const record of records) bytes += bytesOf(record);
    this.segments.push({
      records,
      lastOffset,
      taken: 0,
      bytesPerRecord: bytes / Math.max(records.length, 1),
    });
    this.records += records.length;
    this.held += bytes;
    this.waiting?.();
    return true;
  }

  get expected(): bigint {
    return this.position;
  }

  get size(): number {
    return this.records;
  }

  /** Bytes of keys and values that wait, roughly. */
  get bytes(): number {
    return this.records === 0 ? 0 : this.held;
  }

  /** The record that is next. */
  get head(): IncomingRecord | undefined {
    for (const { records, taken } of this.segments) if (taken < records.length) return records[taken];
    return undefined;
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
      this.held -= part.length * segment.bytesPerRecord;
      const isExhausted = segment.taken === segment.records.length;
      next = isExhausted ? segment.lastOffset + 1n : (records.at(-1) as IncomingRecord).offset + 1n;
      if (isExhausted) this.segments.shift();
    }
    this.records -= records.length;
    return { records, next };
  }
}
