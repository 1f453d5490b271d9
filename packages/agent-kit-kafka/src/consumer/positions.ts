import type { TopicPartition } from '@signalbox/agent-kit';

interface Assigned {
  readonly topic: string;
  readonly partition: number;
  /** The next offset we want; unknown until the first seek. */
  next: bigint | undefined;
  paused: boolean;
}

/**
 * - `deliver`: the batch starts where we are;
 * - `ignore`: the partition is not ours, paused, or nobody said yet where to start; it will be fetched again;
 * - `seek`: fetched for an offset from before a seek, or kafkajs moved by itself: it must go back to `next`.
 */
export type Admission =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'seek'; readonly next: bigint };

const nameOf = ({ topic, partition }: TopicPartition): string => `${partition}/${topic}`;

/** Where we are in each assigned partition: the truth that kafkajs's own positions are held against (pitfall 20). */
export class Positions {
  private readonly assigned = new Map<string, Assigned>();

  get size(): number {
    return this.assigned.size;
  }

  /** Replaces the assignment; everything starts paused and without a position. */
  assign(partitions: readonly TopicPartition[]): void {
    this.assigned.clear();
    for (const { topic, partition } of partitions) {
      this.assigned.set(nameOf({ topic, partition }), { topic, partition, next: undefined, paused: true });
    }
  }

  has(at: TopicPartition): boolean {
    return this.assigned.has(nameOf(at));
  }

  next(at: TopicPartition): bigint | undefined {
    return this.assigned.get(nameOf(at))?.next;
  }

  /** Partitions that are being fetched. */
  active(): TopicPartition[] {
    return [...this.assigned.values()]
      .filter(({ paused, next }) => !paused && next !== undefined)
      .map(({ topic, partition }) => ({ topic, partition }));
  }

  moveTo(at: TopicPartition, next: bigint | undefined): void {
    const entry = this.assigned.get(nameOf(at));
    if (entry) entry.next = next;
  }

  /** What is not ours counts as paused. */
  isPaused(at: TopicPartition): boolean {
    return this.assigned.get(nameOf(at))?.paused ?? true;
  }

  setPaused(at: TopicPartition, paused: boolean): void {
    const entry = this.assigned.get(nameOf(at));
    if (entry) entry.paused = paused;
  }

  admit(at: TopicPartition, fetchedOffset: bigint): Admission {
    const entry = this.assigned.get(nameOf(at));
    if (!entry || entry.paused || entry.next === undefined) return { kind: 'ignore' };
    return entry.next === fetchedOffset ? { kind: 'deliver' } : { kind: 'seek', next: entry.next };
  }
}
