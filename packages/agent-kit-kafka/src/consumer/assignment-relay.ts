import type { TopicPartition } from '@signalbox/agent-kit';
import { settledWithin } from '../settled-within.js';

export interface RelayPorts {
  onAssigned(partitions: readonly TopicPartition[]): void;
  onRevoked(): Promise<void>;
}

/** A member that takes longer to let go is not waited for; the owner's fence keeps it from doing harm. */
const revokeMsMax = 10_000;

/** Tells the owner of changes in their order: each `onAssigned` after the `onRevoked` before it has ended. */
export class AssignmentRelay {
  private generation = 0;
  private announced = false;
  private revoking: Promise<void> = Promise.resolve();

  constructor(private readonly ports: RelayPorts) {}

  /** What was announced is no longer ours. Resolves when the owner has let go, after at most 10 s. */
  revoke(): Promise<void> {
    this.generation += 1;
    if (this.announced) {
      this.announced = false;
      this.revoking = settledWithin(this.ports.onRevoked(), revokeMsMax).then(() => undefined);
    }
    return this.revoking;
  }

  /** Announces an assignment, unless another change comes before the owner let go of the last one. */
  async assign(partitions: readonly TopicPartition[]): Promise<void> {
    this.generation += 1;
    const mine = this.generation;
    await this.revoking;
    if (mine !== this.generation) return;
    this.announced = true;
    this.ports.onAssigned(partitions);
  }
}
