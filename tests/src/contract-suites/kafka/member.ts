import type { ConsumerCallbacks, FetchedBatch, RecordConsumer, TopicPartition } from '@signalbox/agent-kit';
import { eventually } from '@signalbox/test-kit';

/** A member of a group that notes what it is told. */
export class Member {
  readonly batches: FetchedBatch[] = [];
  readonly log: string[] = [];
  readonly lost: TopicPartition[] = [];
  held: readonly TopicPartition[] = [];
  /** Where it begins in what it is assigned; undefined: it waits. */
  startAt: bigint | undefined = 0n;
  letGo: () => Promise<void> = async () => undefined;
  onBatch: (batch: FetchedBatch) => void = () => undefined;

  constructor(readonly consumer: RecordConsumer) {}

  async join(group: string, topics: readonly string[], partitions: number): Promise<void> {
    await this.consumer.start(group, topics, this.callbacks());
    await this.holds(partitions);
  }

  async holds(partitions: number): Promise<void> {
    await eventually(
      async () => this.held.length,
      (count) => count === partitions,
      `${partitions} partitions`,
    );
  }

  get values(): string[] {
    return this.batches.flatMap(({ records }) => records.map(({ value }) => value?.toString() ?? 'null'));
  }

  async reads(count: number): Promise<string[]> {
    await eventually(
      async () => this.values,
      ({ length }) => length >= count,
      `${count} records`,
    );
    return this.values;
  }

  private callbacks(): ConsumerCallbacks {
    return {
      onAssigned: (partitions) => {
        this.log.push('assigned');
        this.held = partitions;
        for (const at of this.startAt === undefined ? [] : partitions) {
          this.consumer.seek(at, this.startAt as bigint);
          this.consumer.resume([at]);
        }
      },
      onRevoked: async () => {
        this.log.push('revoked');
        await this.letGo();
        this.log.push('let go');
      },
      onBatch: (batch) => {
        this.batches.push(batch);
        this.onBatch(batch);
      },
      onPositionLost: (partition) => this.lost.push(partition),
      onCrash: (error) => this.log.push(`crashed: ${error.message}`),
    };
  }
}
