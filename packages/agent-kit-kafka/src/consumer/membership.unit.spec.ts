import type { Cluster } from 'kafkajs';
import { Membership } from './membership.js';

interface Call {
  readonly request: { readonly apiName: string };
}

/** The two methods of kafkajs's cluster that a membership watches, with answers given by the test. */
class Group {
  readonly membership = new Membership();
  readonly sent: string[] = [];
  answer: (apiName: string) => Promise<unknown> = () => Promise.resolve({});
  private readonly pool = {
    send: ({ request }: Call): Promise<unknown> => {
      this.sent.push(request.apiName);
      return this.answer(request.apiName);
    },
  };
  readonly cluster = {
    findGroupCoordinator: () => Promise.resolve({ connectionPool: this.pool }),
    getNodeIds: () => ['1', '2'],
  } as unknown as Cluster;

  constructor() {
    this.membership.attach(this.cluster);
  }

  async send(apiName: string): Promise<unknown> {
    await this.cluster.findGroupCoordinator({ groupId: 'g' });
    return this.pool.send({ request: { apiName } });
  }
}

describe('Membership', () => {
  it('owes the group nothing before it joined and after it left', async () => {
    const group = new Group();
    group.answer = (name) => Promise.resolve(name === 'JoinGroup' ? { memberId: 'a' } : {});
    expect(group.membership.owed).toEqual([]);
    await group.send('JoinGroup');
    await group.send('Heartbeat');
    expect(group.membership.owed).toEqual(['a']);
    await group.send('LeaveGroup');
    expect(group.membership.owed).toEqual([]);
    expect(group.sent).toEqual(['JoinGroup', 'Heartbeat', 'LeaveGroup']);
  });

  it('knows the id a broker gives with its first refusal, and keeps what it could not leave', async () => {
    const group = new Group();
    group.answer = () => Promise.reject(Object.assign(new Error('id required'), { memberId: 'b' }));
    await expect(group.send('JoinGroup')).rejects.toThrow('id required');
    expect(group.membership.owed).toEqual(['b']);
    group.answer = () => Promise.reject(new Error('not the coordinator'));
    await expect(group.send('LeaveGroup')).rejects.toThrow('not the coordinator');
    expect(group.membership.owed).toEqual(['b']);
  });

  it('keeps the id before when it becomes another member', async () => {
    const group = new Group();
    for (const memberId of ['a', 'b', 'a']) {
      group.answer = () => Promise.resolve({ memberId });
      await group.send('JoinGroup');
    }
    expect(group.membership.owed).toEqual(['b', 'a']);
  });

  it('says while a join waits, and lets none begin once closed', async () => {
    const group = new Group();
    let admit: (answer: object) => void = () => undefined;
    group.answer = () => new Promise((resolve) => (admit = resolve));
    const joining = group.send('JoinGroup');
    await Promise.resolve().then(() => undefined);
    await group.cluster.findGroupCoordinator({ groupId: 'g' });
    expect(group.membership.isJoining).toBe(true);
    group.membership.close();
    admit({ memberId: 'late' });
    await joining;
    expect(group.membership.isJoining).toBe(false);
    expect(group.membership.owed).toEqual(['late']);
    await expect(group.send('JoinGroup')).rejects.toMatchObject({ code: 'internal', retriable: false });
    expect(group.sent).toEqual(['JoinGroup']);
  });

  it('shows no nodes once closed, so that the fetch loop ends', () => {
    const { membership, cluster } = new Group();
    expect(cluster.getNodeIds()).toEqual(['1', '2']);
    membership.close();
    expect(cluster.getNodeIds()).toEqual([]);
  });
});
