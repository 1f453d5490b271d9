import { shareOut } from './share-out.js';

const partitions = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const plain = (result: ReturnType<typeof shareOut>) => Object.fromEntries(result);

describe('shareOut', () => {
  it('gives a member only topics it subscribed to', () => {
    const members = [
      { memberId: 'new', topics: ['a', 'b'] },
      { memberId: 'old', topics: ['a'] },
    ];
    const result = shareOut(
      members,
      new Map([
        ['a', partitions(4)],
        ['b', partitions(2)],
      ]),
    );
    expect(plain(result)).toEqual({ new: { a: [0, 2], b: [0, 1] }, old: { a: [1, 3] } });
  });

  it('leaves what nobody reads to nobody, and a member without topics in the result', () => {
    const members = [{ memberId: 'idle', topics: [] }];
    expect(plain(shareOut(members, new Map([['a', partitions(3)]])))).toEqual({ idle: {} });
  });

  it('spreads topics of one partition over all members', () => {
    const topics = ['a', 'b', 'c', 'd'];
    const members = ['m1', 'm2'].map((memberId) => ({ memberId, topics }));
    const result = shareOut(members, new Map(topics.map((topic) => [topic, [0]])));
    expect([...result.values()].map((own) => Object.keys(own).length)).toEqual([2, 2]);
  });

  it('gives the same answer in any order of members, topics and partitions', () => {
    const members = ['x', 'y', 'z'].map((memberId) => ({ memberId, topics: ['a', 'b'] }));
    const one = shareOut(
      members,
      new Map([
        ['a', [0, 1, 2, 3]],
        ['b', [0, 1]],
      ]),
    );
    const other = shareOut(
      [...members].reverse(),
      new Map([
        ['b', [1, 0]],
        ['a', [3, 1, 2, 0]],
      ]),
    );
    expect(plain(other)).toEqual(plain(one));
  });

  it('gives each partition exactly once and no member more than its share of a topic', () => {
    const members = partitions(5).map((n) => ({ memberId: `m${n}`, topics: ['a'] }));
    const shares = [...shareOut(members, new Map([['a', partitions(12)]])).values()].map(({ a = [] }) => a);
    expect(shares.flat().sort((a, b) => a - b)).toEqual(partitions(12));
    expect(shares.map(({ length }) => length).sort()).toEqual([2, 2, 2, 3, 3]);
  });
});
