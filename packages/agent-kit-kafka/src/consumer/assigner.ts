import {
  AssignerProtocol,
  type Assigner,
  type Cluster,
  type GroupMember,
  type PartitionAssigner,
} from 'kafkajs';
import { shareOut, type MemberSubscription } from './share-out.js';

const protocolVersion = 1;
/** All members of a group must offer it; a changed way of sharing gets a name of its own beside this one. */
const protocolName = 'signalbox-subscriptions';

export interface AssignerPorts {
  /** Called each time this member is about to join: what it had is up for assignment. Must not throw. */
  onJoin(): void;
  /** Partitions of a topic this member does not read itself; empty when there is none. */
  foreignPartitions(topic: string): Promise<readonly number[]>;
  /** Gets kafkajs's cluster, before it connects; kafkajs shows it to assigners alone. */
  onCluster?(cluster: Cluster): void;
}

/** Reads what a member says it subscribes to; one we can't read subscribes to nothing. */
export function subscriptionOf({ memberId, memberMetadata }: GroupMember): MemberSubscription {
  try {
    const metadata = AssignerProtocol.MemberMetadata.decode(memberMetadata);
    return { memberId, topics: metadata?.topics ?? [] };
  } catch {
    return { memberId, topics: [] };
  }
}

/**
 * An assigner that gives each member only topics it subscribed to. kafkajs's own gives all members the topics of the
 * group's leader, which starves whoever has another list during a rolling deployment (pitfall 23).
 */
export function createAssigner(ports: AssignerPorts): PartitionAssigner {
  return ({ cluster }) => {
    ports.onCluster?.(cluster);
    return assignerOf(ports, cluster);
  };
}

function assignerOf(ports: AssignerPorts, cluster: Cluster): Assigner {
  return {
    name: protocolName,
    version: protocolVersion,
    protocol({ topics }) {
      ports.onJoin();
      const userData = Buffer.from(JSON.stringify({ v: protocolVersion }));
      const metadata = AssignerProtocol.MemberMetadata.encode({ version: protocolVersion, topics, userData });
      return { name: protocolName, metadata };
    },
    async assign({ members, topics }) {
      const subscriptions = members.map(subscriptionOf);
      const own = new Set(topics);
      const partitions = new Map<string, readonly number[]>();
      for (const topic of new Set(subscriptions.flatMap((member) => [...member.topics]))) {
        const ids = own.has(topic)
          ? cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
          : await ports.foreignPartitions(topic);
        partitions.set(topic, ids);
      }
      return [...shareOut(subscriptions, partitions)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: protocolVersion,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }));
    },
  };
}
