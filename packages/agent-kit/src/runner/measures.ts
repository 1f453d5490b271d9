import type { ActivityEntry } from '@signalbox/contracts';
import type { TopicPartition } from '../ports/records.js';

type Labels = Readonly<Record<string, string>>;

/** Where the runtime's figures go; the same shape as the observability package's metrics. */
export interface RuntimeMetrics {
  count(name: string, labels?: Labels, by?: number): void;
  gauge(name: string, value: number, labels?: Labels): void;
  /** A duration in seconds. */
  seconds(name: string, value: number, labels?: Labels): void;
}

/** What waiting cures: a claim or a chunk that failed, records the broker did not take, upkeep. */
export type TroubleKind = 'claim' | 'chunk' | 'publish' | 'upkeep';

/** Counts what the runtime does: once a chunk, not once an event. */
export class Measures {
  constructor(private readonly metrics: RuntimeMetrics | undefined) {}

  /** A chunk was committed. */
  chunk({ topic }: TopicPartition, records: number, durationMs: number): void {
    this.metrics?.count('chunks_total', { topic });
    this.metrics?.count('records_total', { topic }, records);
    this.metrics?.seconds('chunk_seconds', durationMs / 1_000, { topic });
  }

  /** What became of events, by handler, after the commit. */
  outcomes(entries: readonly ActivityEntry[]): void {
    if (!this.metrics) return;
    const counts = new Map<string, { labels: Labels; n: number }>();
    for (const { handler = '', outcome } of entries) {
      const id = `${handler}\n${outcome}`;
      const count = counts.get(id);
      if (count) count.n += 1;
      else counts.set(id, { labels: { handler, outcome }, n: 1 });
    }
    for (const { labels, n } of counts.values()) this.metrics.count('events_total', labels, n);
  }

  trouble(kind: TroubleKind): void {
    this.metrics?.count('trouble_total', { kind });
  }

  gauge(name: string, value: number, labels?: Labels): void {
    this.metrics?.gauge(name, value, labels);
  }
}
