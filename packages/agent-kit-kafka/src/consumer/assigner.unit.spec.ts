import { AssignerProtocol, type Cluster } from 'kafkajs';
import { createAssigner, subscriptionOf } from './assigner.js';

const metadataOf = (topics: string[]): Buffer =>
  AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) });

/** Knows only the topics of the leader, as kafkajs's own does. */
const leaderCluster = {
  findTopicPartitionMetadata: (topic: string) =>
    topic === 'own' ? [0, 1].map((partitionId) => ({ partitionId })) : [],
} as unknown as Cluster;

const assignerWith = (onJoin: () => void, foreign: (topic: string) => Promise<readonly number[]>) =>
  createAssigner({ onJoin, foreignPartitions: foreign })({
    cluster: leaderCluster,
    groupId: 'g',
    logger: undefined as never,
  });

describe('createAssigner', () => {
  it('tells of each join, and says what it subscribes to with a version', () => {
    let joins = 0;
    const assigner = assignerWith(
      () => (joins += 1),
      async () => [],
    );
    const { name, metadata } = assigner.protocol({ topics: ['b', 'a'] });
    expect(joins).toBe(1);
    expect(name).toBe('signalbox-subscriptions');
    const decoded = AssignerProtocol.MemberMetadata.decode(metadata);
    expect(decoded).toMatchObject({ version: 1, topics: ['b', 'a'] });
    expect(JSON.parse(String(decoded?.userData))).toEqual({ v: 1 });
  });

  it('asks for the partitions of topics it does not read itself', async () => {
    const asked: string[] = [];
    const assigner = assignerWith(
      () => undefined,
      async (topic) => {
        asked.push(topic);
        return topic === 'foreign' ? [0, 1, 2] : [];
      },
    );
    const members = [
      { memberId: 'leader', memberMetadata: metadataOf(['own']) },
      { memberId: 'other', memberMetadata: metadataOf(['own', 'foreign', 'deleted']) },
    ];
    const assigned = await assigner.assign({ members, topics: ['own'] });
    const byMember = Object.fromEntries(
      assigned.map(({ memberId, memberAssignment }) => [
        memberId,
        AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment,
      ]),
    );
    expect(asked.sort()).toEqual(['deleted', 'foreign']);
    expect(byMember).toEqual({ leader: { own: [0] }, other: { own: [1], foreign: [0, 1, 2] } });
  });
});

describe('subscriptionOf', () => {
  it('reads metadata, and takes what it can not read for no subscription', () => {
    expect(subscriptionOf({ memberId: 'm', memberMetadata: metadataOf(['a']) })).toEqual({
      memberId: 'm',
      topics: ['a'],
    });
    expect(subscriptionOf({ memberId: 'm', memberMetadata: Buffer.from([1]) })).toEqual({
      memberId: 'm',
      topics: [],
    });
  });
});
