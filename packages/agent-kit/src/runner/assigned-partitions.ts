import { flushAcknowledged } from '../outbox/flush-acknowledged.js';
import type { FetchedBatch, TopicPartition } from '../ports/records.js';
import type { ChunkWorker } from './chunk-worker.js';
import { PartitionRunner, type RunnerState } from './partition-runner.js';
import type { RunnerPorts } from './ports.js';

/** Time for a chunk in hand and its records when a partition is let go of. */
const DRAIN_MS = 5_000;

/** The partitions this process holds in its group, each with a runner. Assignments and revocations wait for each other. */
export class AssignedPartitions {
  private readonly runners = new Map<string, PartitionRunner>();
  private handover: Promise<void> = Promise.resolve();
  private isMember = false;

  constructor(
    private readonly ports: RunnerPorts,
    private readonly workerFor: (topic: string) => ChunkWorker,
    private readonly stopping: AbortSignal,
  ) {}

  /** Has partitions, or was told that there are none for it. */
  get hasJoined(): boolean {
    return this.isMember;
  }

  get all(): readonly PartitionRunner[] {
    return [...this.runners.values()];
  }

  states(): RunnerState[] {
    return this.all.map((runner) => runner.state());
  }

  assign(partitions: readonly TopicPartition[], onAssigned: () => void): void {
    this.handover = this.handover.then(() => {
      if (this.stopping.aborted) return;
      this.isMember = true;
      onAssigned();
      for (const partition of partitions) {
        if (this.runners.has(idOf(partition))) continue;
        const runner = new PartitionRunner(partition, this.ports, this.workerFor(partition.topic));
        this.runners.set(idOf(partition), runner);
        runner.start();
      }
    });
  }

  /** Resolves when every runner has let go, whatever the stores do meanwhile. */
  revoke(): Promise<void> {
    this.handover = this.handover.then(async () => {
      this.isMember = false;
      const runners = this.all;
      this.runners.clear();
      await Promise.all(runners.map((runner) => runner.stop(DRAIN_MS)));
      await flushAcknowledged(this.ports).catch(() => undefined); // deleted later or published twice, which the receivers' inbox removes
      const partitions = runners.map(({ partition }) => partition);
      await this.ports.store.release(partitions).catch(() => undefined); // counts as a crash then
    });
    return this.handover;
  }

  offer(batch: FetchedBatch): void {
    this.runners.get(idOf(batch))?.offer(batch);
  }

  /** The client has no position any more: is the log still the one the progress belongs to? */
  verify(partition: TopicPartition): void {
    this.runners.get(idOf(partition))?.requestVerify();
  }

  /** The same question for every partition that has nothing to do. */
  verifyIdle(): void {
    for (const runner of this.runners.values()) if (!runner.hasWork) runner.requestVerify();
  }

  followSwitches(): void {
    for (const runner of this.runners.values()) runner.followSwitches();
  }
}

const idOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
