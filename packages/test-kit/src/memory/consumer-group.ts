import type { TopicPartition } from '@signalbox/agent-kit';
import { placeId } from './tables.js';

/** What a group needs to know of a member. */
export interface GroupMember {
  readonly topics: readonly string[];
  /** The group changes: resolves when the member has let go, or is not waited for any longer. */
  revoke(): Promise<void>;
  assign(partitions: readonly TopicPartition[]): void;
  /** There are new records, or other reasons to look. */
  look(partition: TopicPartition): void;
}

/** Who reads which partition. A change revokes everything from everybody first, as the eager protocol does. */
export class ConsumerGroup {
  private readonly members = new Set<GroupMember>();
  /** Offsets committed for tools. */
  readonly committed = new Map<string, bigint>();
  private changes = 0;

  constructor(private readonly broker: { logsOf(topic: string): readonly unknown[] }) {}

  join(member: GroupMember): void {
    this.members.add(member);
    void this.rebalance();
  }

  /** Resolves when those who stay have their partitions. */
  leave(member: GroupMember): Promise<void> {
    return this.members.delete(member) ? this.rebalance() : Promise.resolve();
  }

  has(member: GroupMember): boolean {
    return this.members.has(member);
  }

  onTopic(topic: string): void {
    if ([...this.members].some(({ topics }) => topics.includes(topic))) void this.rebalance();
  }

  onAppended(to: TopicPartition): void {
    for (const member of this.members) member.look(to);
  }

  /** Every member lets go, then the partitions are dealt out anew, starting with another member each time. */
  async rebalance(): Promise<void> {
    this.changes += 1;
    const mine = this.changes;
    await Promise.all([...this.members].map((member) => member.revoke()));
    if (mine !== this.changes) return;
    for (const [member, partitions] of this.deal()) member.assign(partitions);
  }

  private deal(): Map<GroupMember, TopicPartition[]> {
    const members = [...this.members];
    const dealt = new Map<GroupMember, TopicPartition[]>(members.map((member) => [member, []]));
    const topics = new Set(members.flatMap(({ topics: all }) => [...all]));
    let turn = this.changes;
    for (const topic of [...topics].sort()) {
      const readers = members.filter((member) => member.topics.includes(topic));
      this.broker.logsOf(topic).forEach((_log, partition) => {
        const reader = readers[turn % readers.length] as GroupMember;
        dealt.get(reader)?.push({ topic, partition });
        turn += 1;
      });
    }
    return dealt;
  }

  commit(offsets: readonly (TopicPartition & { readonly offset: bigint })[]): void {
    for (const { offset, ...place } of offsets) this.committed.set(placeId(place), offset);
  }
}
