import type { ConsumerCallbacks, RecordConsumer, TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import type { GroupMember } from './consumer-group.js';
import type { MemoryBroker } from './memory-broker.js';
import { placeId } from './tables.js';

const REVOKE_MS_MAX = 10_000;
const FETCH_ANSWERED_MS = 5_000;

export interface MemoryConsumerOptions {
  /** Records of one batch; called for each fetch. Default: always 500. */
  readonly batchSize?: () => number;
  /** When a fetch or a callback is carried out; default: in a microtask. Given the chance to hold it back or drop it. */
  readonly schedule?: (what: string, run: () => void) => void;
}

/** Reads as a member of a group in memory. Each assignment has its own generation; what is fetched for an old one is dropped. */
export class MemoryConsumer implements RecordConsumer {
  private member: GroupMember | undefined;
  private groupId = '';
  private callbacks: ConsumerCallbacks | undefined;
  private readonly positions = new Map<string, bigint>();
  private readonly running = new Set<string>();
  private readonly assigned = new Map<string, TopicPartition>();
  private readonly fetching = new Set<string>();
  private generation = 0;
  private changes = 0;
  private revoking: Promise<void> = Promise.resolve();
  private lettingGo: Promise<void> = Promise.resolve();

  constructor(
    private readonly broker: MemoryBroker,
    private readonly options: MemoryConsumerOptions = {},
  ) {}

  async start(groupId: string, topics: readonly string[], callbacks: ConsumerCallbacks): Promise<void> {
    if (this.member) throw new SignalboxError('internal', 'the consumer was started before');
    for (const topic of topics) this.broker.logsOf(topic);
    this.callbacks = callbacks;
    this.groupId = groupId;
    const member: GroupMember = {
      topics,
      revoke: () => this.revoke(),
      assign: (partitions) => {
        const mine = (this.changes += 1);
        const assign = (): void => {
          if (mine === this.changes) this.assign(member, partitions);
        };
        // The member hears of the new share after it has let go of the old one, however long that takes.
        void this.lettingGo.then(() => this.schedule('assigned', assign));
      },
      look: (partition) => this.fetch(placeId(partition)),
    };
    this.member = member;
    this.broker.group(groupId).join(member);
    void this.answerFetches(member);
  }

  /** A fetch without records is answered as well: proof of life for who watches. */
  private async answerFetches(member: GroupMember): Promise<void> {
    while (this.member === member) {
      await this.broker.clock.sleep(FETCH_ANSWERED_MS);
      this.schedule('fetch answered', () => {
        const places = [...this.assigned].flatMap(([id, place]) => (this.running.has(id) ? [place] : []));
        if (this.member === member && places.length > 0) this.callbacks?.onFetch?.(places);
      });
    }
  }

  seek(to: TopicPartition, offset: bigint): void {
    const id = placeId(to);
    if (!this.assigned.has(id)) return;
    this.positions.set(id, offset);
    this.fetching.delete(id);
    this.fetch(id);
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.running.delete(placeId(partition));
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const id of partitions.map(placeId)) {
      if (!this.assigned.has(id)) continue;
      this.running.add(id);
      this.fetch(id);
    }
  }

  async commitForTools(offsets: readonly (TopicPartition & { readonly offset: bigint })[]): Promise<void> {
    this.broker.group(this.groupId).commit(offsets);
  }

  async stop(): Promise<void> {
    const { member } = this;
    this.member = undefined;
    this.forget();
    if (member) void this.broker.group(this.groupId).leave(member);
  }

  /** The session timed out or the coordinator moved: the group goes on without this member, which then joins again. */
  expire(): void {
    const { member } = this;
    if (!member) return;
    const group = this.broker.group(this.groupId);
    void group.leave(member);
    this.schedule('expelled', () => {
      void this.revoke().then(() => this.member === member && group.join(member));
    });
  }

  private schedule(what: string, run: () => void): void {
    if (this.options.schedule) this.options.schedule(what, run);
    else queueMicrotask(run);
  }

  private forget(): void {
    this.generation += 1;
    for (const kept of [this.assigned, this.positions, this.running, this.fetching]) kept.clear();
  }

  /** What was assigned, or was about to be, is no longer ours. */
  private revoke(): Promise<void> {
    this.changes += 1;
    if (this.assigned.size > 0) {
      this.forget();
      this.revoking = this.letGo();
    }
    return this.revoking;
  }

  /** Waited for by the group for at most 10 s. */
  private async letGo(): Promise<void> {
    const waiting = new AbortController();
    this.lettingGo = new Promise<void>((resolve) => {
      this.schedule('revoked', () => {
        const letGo = this.callbacks?.onRevoked() ?? Promise.resolve();
        letGo.then(resolve, () => resolve());
      });
    });
    await Promise.race([this.lettingGo, this.broker.clock.sleep(REVOKE_MS_MAX, waiting.signal)]);
    waiting.abort();
  }

  private assign(member: GroupMember, partitions: readonly TopicPartition[]): void {
    if (this.member !== member || !this.broker.group(this.groupId).has(member)) return;
    this.forget();
    for (const partition of partitions) this.assigned.set(placeId(partition), partition);
    this.callbacks?.onAssigned(partitions);
  }

  /** Hands out the records from the position, once the schedule lets it. */
  private fetch(id: string): void {
    const place = this.assigned.get(id);
    const asked = this.positions.get(id);
    if (!place || asked === undefined || !this.running.has(id) || this.fetching.has(id)) return;
    const { low, end } = this.broker.log(place);
    if (asked === end) return;
    this.fetching.add(id);
    const { generation } = this;
    this.schedule('batch', () => {
      if (generation !== this.generation || this.positions.get(id) !== asked || !this.running.has(id)) {
        if (generation === this.generation) this.refetch(id);
        return;
      }
      this.fetching.delete(id);
      if (asked < low || asked > end) return this.losePosition(id, place);
      this.deliver(id, place, asked);
    });
  }

  private refetch(id: string): void {
    this.fetching.delete(id);
    this.fetch(id);
  }

  private losePosition(id: string, place: TopicPartition): void {
    this.positions.delete(id);
    this.running.delete(id);
    this.callbacks?.onPositionLost(place);
  }

  private deliver(id: string, place: TopicPartition, fetchedOffset: bigint): void {
    const { records: all, end } = this.broker.log(place);
    const max = this.options.batchSize?.() ?? 500;
    const records = all.filter(({ offset }) => offset >= fetchedOffset).slice(0, max);
    const lastOffset = records.length < max ? end - 1n : (records.at(-1)?.offset ?? end - 1n);
    this.positions.set(id, lastOffset + 1n);
    this.callbacks?.onFetch?.([place]);
    this.callbacks?.onBatch({ ...place, fetchedOffset, lastOffset, records, highWatermark: end });
    this.fetch(id);
  }
}
