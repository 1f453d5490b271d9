import type { TopicPartition } from '@signalbox/agent-kit';
import type { Outcome } from './outcome.js';
import type { Item } from './send-call.js';

/** Records of one partition, ready to be sent. */
export interface Parcel {
  readonly to: TopicPartition;
  readonly items: readonly Item[];
}

export interface SharedRequestsPorts {
  /** One request, once; `written` only when the broker has acknowledged every parcel. Never rejects. */
  attempt(parcels: readonly Parcel[]): Promise<Outcome>;
  /** The broker that leads a partition, as far as known. */
  leaderOf(to: TopicPartition): number | undefined;
}

/** Bytes of a request of several partitions; one parcel may be larger and then goes alone. */
const requestBytesMax = 4 * 1024 * 1024;

interface Waiting extends Parcel {
  readonly leader: number;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * Puts what several partitions of one broker have ready in the same turn into one request: a request costs us and the
 * broker far more than a record. Nothing waits for it: what is not ready now goes with a later request. kafkajs only
 * says that some partition of a request failed, so that after a failure each of them goes alone until it was written.
 */
export class SharedRequests {
  private waiting: Waiting[] = [];
  private readonly loners = new Set<string>();

  constructor(private readonly ports: SharedRequestsPorts) {}

  /** As `SharedRequestsPorts.attempt`, for one partition. */
  attempt(to: TopicPartition, items: readonly Item[]): Promise<Outcome> {
    const leader = this.ports.leaderOf(to);
    if (leader === undefined || this.loners.has(placeOf(to))) return this.alone({ to, items });
    return new Promise((resolve) => {
      this.waiting.push({ to, items, leader, resolve });
      // After the other lanes of this turn have come.
      if (this.waiting.length === 1) queueMicrotask(() => this.flush());
    });
  }

  private flush(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const group of requestsOf(waiting)) void this.together(group);
  }

  private async together(group: readonly Waiting[]): Promise<void> {
    const outcome = await this.ports.attempt(group);
    if (outcome.kind === 'written' || group.length === 1)
      return group.forEach(({ resolve }) => resolve(outcome));
    for (const { to } of group) this.loners.add(placeOf(to));
    if (outcome.kind === 'unavailable') return group.forEach(({ resolve }) => resolve(outcome));
    // One of them was refused for good: each learns its own outcome. The others may be written twice, which is allowed.
    for (const parcel of group) void this.alone(parcel).then(parcel.resolve);
  }

  private async alone(parcel: Parcel): Promise<Outcome> {
    const outcome = await this.ports.attempt([parcel]);
    if (outcome.kind === 'written') this.loners.delete(placeOf(parcel.to));
    return outcome;
  }
}

/** In the order they came, split by leader and by size. */
function requestsOf(waiting: readonly Waiting[]): Waiting[][] {
  const requests: Waiting[][] = [];
  const open = new Map<number, { parcels: Waiting[]; bytes: number }>();
  for (const parcel of waiting) {
    let bytes = 0;
    for (const item of parcel.items) bytes += item.bytes;
    const request = open.get(parcel.leader);
    if (request && request.bytes + bytes <= requestBytesMax) {
      request.parcels.push(parcel);
      request.bytes += bytes;
      continue;
    }
    const parcels = [parcel];
    requests.push(parcels);
    open.set(parcel.leader, { parcels, bytes });
  }
  return requests;
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
