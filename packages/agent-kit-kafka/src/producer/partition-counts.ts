import type { TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { AdminClient } from '../admin-client.js';
import { kafkaErrorText } from '../kafkajs-errors.js';

const refreshAfterMs = 60_000;

interface Known {
  readonly count: number;
  /** The leading broker of each partition that has one. */
  readonly leaders: ReadonlyMap<number, number>;
  loadedAtMs: number;
}

/** Partitions of each topic, and who leads them: asked once, then from memory and refreshed behind the caller's back. */
export class PartitionCounts {
  private readonly known = new Map<string, Known>();
  private readonly loading = new Map<string, Promise<number>>();
  /** What is asked about in this turn. */
  private turn: { readonly topics: Set<string>; readonly answer: Promise<void> } | undefined;

  constructor(
    private readonly admin: AdminClient,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  async get(topic: string): Promise<number> {
    const known = this.known.get(topic);
    if (!known) return this.load(topic);
    if (this.nowMs() - known.loadedAtMs > refreshAfterMs) {
      known.loadedAtMs = this.nowMs();
      void this.load(topic).catch(() => undefined);
    }
    return known.count;
  }

  /** The broker that led the partition when the topic was asked about last; undefined when it never was. */
  leaderOf({ topic, partition }: TopicPartition): number | undefined {
    return this.known.get(topic)?.leaders.get(partition);
  }

  private load(topic: string): Promise<number> {
    const running = this.loading.get(topic);
    if (running) return running;
    const loading = this.ask(topic).finally(() => this.loading.delete(topic));
    this.loading.set(topic, loading);
    return loading;
  }

  private async ask(topic: string): Promise<number> {
    try {
      await this.askWithOthers(topic);
      const known = this.known.get(topic);
      if (!known) throw new SignalboxError('broker_unavailable', 'the topic has no partitions');
      return known.count;
    } catch (error) {
      const message = `The partitions of ${topic} are unknown: ${kafkaErrorText(error)}.`;
      throw new SignalboxError('broker_unavailable', message, { cause: error });
    }
  }

  /** Topics asked about in one turn share a request, which fails for all when one of them is unknown: then each goes alone. */
  private async askWithOthers(topic: string): Promise<void> {
    const topics = this.turn?.topics ?? new Set<string>();
    this.turn ??= { topics, answer: this.endOfTurn().then(() => this.fetch([...topics])) };
    topics.add(topic);
    try {
      await this.turn.answer;
    } catch (error) {
      if (topics.size === 1) throw error;
      await this.fetch([topic]);
    }
  }

  private async endOfTurn(): Promise<void> {
    await Promise.resolve();
    this.turn = undefined;
  }

  private async fetch(wanted: string[]): Promise<void> {
    const { topics } = await this.admin.use((admin) => admin.fetchTopicMetadata({ topics: wanted }));
    for (const { name, partitions } of topics) {
      if (partitions.length === 0) continue;
      const led = partitions.filter(({ leader }) => leader >= 0);
      const leaders = new Map(led.map(({ partitionId, leader }) => [partitionId, leader]));
      this.known.set(name, { count: partitions.length, leaders, loadedAtMs: this.nowMs() });
    }
  }
}
