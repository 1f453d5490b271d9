import type { ConsumerCallbacks, FetchedBatch, RecordConsumer, TopicPartition } from '@signalbox/agent-kit';
import type { KafkaConnectionOptions } from '../src/connection.js';
import { createConsumer, type ConsumerOptions } from '../src/consumer/create-consumer.js';

export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}[${partition}]`;

/** A group member that notes all it is told, and reads everything from where `startAt` says. */
export class RecordingMember {
  readonly consumer: RecordConsumer;
  readonly batches: FetchedBatch[] = [];
  readonly assignments: string[][] = [];
  readonly log: string[] = [];
  readonly lost: string[] = [];
  readonly crashes: Error[] = [];
  fetches = 0;
  private held: readonly string[] = [];
  /** Where to start in an assigned partition; undefined leaves it paused. */
  startAt: (at: TopicPartition) => bigint | undefined = () => 0n;
  onBatch: (batch: FetchedBatch) => void = () => undefined;
  onRevoked: () => Promise<void> = () => Promise.resolve();

  constructor(connection: KafkaConnectionOptions, options: ConsumerOptions = {}) {
    this.consumer = createConsumer(connection, {
      sessionTimeoutMs: 6_000,
      metadataMaxAgeMs: 2_000,
      ...options,
    });
  }

  start(groupId: string, topics: readonly string[]): Promise<void> {
    return this.consumer.start(groupId, topics, this.callbacks());
  }

  /** Partitions held now, sorted: none between two assignments, of which the first may name what another has by now. */
  get assigned(): readonly string[] {
    return this.held;
  }

  values(topic?: string): string[] {
    return this.batches
      .filter((batch) => topic === undefined || batch.topic === topic)
      .flatMap((batch) => batch.records.map(({ value }) => value?.toString() ?? 'null'));
  }

  private callbacks(): Required<ConsumerCallbacks> {
    return {
      onAssigned: (partitions) => {
        this.held = partitions.map(nameOf).sort();
        this.assignments.push([...this.held]);
        this.log.push('assigned');
        for (const at of partitions) {
          const offset = this.startAt(at);
          if (offset === undefined) continue;
          this.consumer.seek(at, offset);
          this.consumer.resume([at]);
        }
      },
      onRevoked: async () => {
        this.held = [];
        this.log.push('revoked');
        await this.onRevoked();
        this.log.push('let go');
      },
      onBatch: (batch) => {
        this.batches.push(batch);
        this.onBatch(batch);
      },
      onFetch: () => (this.fetches += 1),
      onPositionLost: (at) => this.lost.push(nameOf(at)),
      onCrash: (error) => this.crashes.push(error),
    };
  }
}
