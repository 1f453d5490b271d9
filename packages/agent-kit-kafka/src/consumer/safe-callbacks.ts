import type { ConsumerCallbacks, FetchedBatch, TopicPartition } from '@signalbox/agent-kit';
import type { KafkaLogger } from '../log-bridge.js';

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** The owner's callbacks, from which nothing gets through to kafkajs (pitfall 4): a throw ends as `onCrash`. */
export class SafeCallbacks {
  constructor(
    private readonly callbacks: ConsumerCallbacks,
    private readonly logger?: KafkaLogger,
  ) {}

  onAssigned(partitions: readonly TopicPartition[]): void {
    this.guard('onAssigned', () => this.callbacks.onAssigned(partitions));
  }

  async onRevoked(): Promise<void> {
    try {
      await this.callbacks.onRevoked();
    } catch (error) {
      this.failed('onRevoked', error);
    }
  }

  /** False when it threw: the batch then counts as not delivered. */
  onBatch(batch: FetchedBatch): boolean {
    return this.guard('onBatch', () => this.callbacks.onBatch(batch));
  }

  onFetch(partitions: readonly TopicPartition[]): void {
    this.guard('onFetch', () => this.callbacks.onFetch?.(partitions));
  }

  onPositionLost(at: TopicPartition): void {
    this.guard('onPositionLost', () => this.callbacks.onPositionLost(at));
  }

  onCrash(error: Error): void {
    try {
      this.callbacks.onCrash(error);
    } catch (thrown) {
      this.logger?.error({ error: String(thrown) }, 'onCrash threw');
    }
  }

  private guard(name: string, call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      this.failed(name, error);
      return false;
    }
  }

  private failed(name: string, error: unknown): void {
    this.logger?.error({ callback: name, error: String(error) }, 'A callback of the consumer threw');
    this.onCrash(asError(error));
  }
}
