import { SignalboxError } from '@signalbox/errors';
import type { AdminClient } from '../admin-client.js';
import { kafkaErrorText } from '../kafkajs-errors.js';

const refreshAfterMs = 60_000;

interface Known {
  count: number;
  loadedAtMs: number;
}

/** Number of partitions of each topic: asked once, then from memory and refreshed behind the caller's back. */
export class PartitionCounts {
  private readonly known = new Map<string, Known>();
  private readonly loading = new Map<string, Promise<number>>();

  constructor(
    private readonly admin: AdminClient,
    private readonly nowMs: () => number = Date.now,
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

  private load(topic: string): Promise<number> {
    const running = this.loading.get(topic);
    if (running) return running;
    const loading = this.ask(topic).finally(() => this.loading.delete(topic));
    this.loading.set(topic, loading);
    return loading;
  }

  private async ask(topic: string): Promise<number> {
    try {
      const { topics } = await this.admin.use((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      const count = topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
      if (count === 0) throw new SignalboxError('broker_unavailable', 'the topic has no partitions');
      this.known.set(topic, { count, loadedAtMs: this.nowMs() });
      return count;
    } catch (error) {
      const message = `The partitions of ${topic} are unknown: ${kafkaErrorText(error)}.`;
      throw new SignalboxError('broker_unavailable', message, { cause: error });
    }
  }
}
