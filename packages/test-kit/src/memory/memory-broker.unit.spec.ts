import type { ConsumerCallbacks, TopicPartition } from '@signalbox/agent-kit';
import { MemoryBroker } from './memory-broker.js';
import { MemoryConsumer } from './memory-consumer.js';
import { MemoryInspector } from './memory-inspector.js';
import { MemoryProducer } from './memory-producer.js';
import { VirtualClock } from './virtual-clock.js';

const record = (value: string) => ({ key: null, value: Buffer.from(value), headers: {} });
const at = (topic: string, partition = 0): TopicPartition => ({ topic, partition });
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

function world(partitions = 1) {
  const clock = new VirtualClock();
  const broker = new MemoryBroker({ clock, agents: ['ops'], partitions: { 'ops.internal': 4 } });
  broker.createTopic('orders', partitions);
  const write = (value: string, partition = 0) =>
    new MemoryProducer(broker).send(at('orders', partition), [record(value)]);
  return { clock, broker, write, inspector: new MemoryInspector(broker) };
}

/** A member that reads everything it is assigned from the start. */
function member(broker: MemoryBroker, more: Partial<ConsumerCallbacks> = {}) {
  const consumer = new MemoryConsumer(broker);
  const seen: string[] = [];
  const log: string[] = [];
  let held: readonly TopicPartition[] = [];
  const callbacks: ConsumerCallbacks = {
    onAssigned: (partitions) => {
      log.push(`assigned ${partitions.length}`);
      held = partitions;
      for (const one of partitions) consumer.seek(one, 0n);
      consumer.resume(partitions);
    },
    onRevoked: async () => {
      log.push('revoked');
    },
    onBatch: ({ records }) => seen.push(...records.map(({ value }) => String(value))),
    onPositionLost: ({ topic }) => log.push(`lost ${topic}`),
    onCrash: () => undefined,
    ...more,
  };
  const join = async (): Promise<void> => {
    await consumer.start('group', ['orders'], callbacks);
    await turns();
  };
  return { consumer, seen, log, join, held: () => held.length };
}

describe('a broker in memory', () => {
  it('has the topics of the catalogue and of its agents, and no others', () => {
    const { broker } = world();
    expect(broker.logsOf('user.signed_up')).toHaveLength(1);
    expect(broker.logsOf('ops.internal')).toHaveLength(4);
    expect(() => broker.logsOf('ops.nonsense')).toThrow(
      expect.objectContaining({ code: 'broker_unavailable' }) as Error,
    );
    expect(() => broker.log(at('orders', 9))).toThrow('no partition orders/9');
  });

  it('keeps the order in which records were written over all partitions', async () => {
    const { broker, write } = world(2);
    for (const [value, partition] of [
      ['a', 1],
      ['b', 0],
      ['c', 1],
    ] as const)
      await write(value, partition);
    expect(broker.historyOf('orders').map(({ value }) => String(value))).toEqual(['a', 'b', 'c']);
    expect(broker.recordsOf('orders').map(({ value }) => String(value))).toEqual(['b', 'a', 'c']);
  });

  it('leaves holes where records were trimmed, and begins at 0 when a topic is made anew', async () => {
    const { broker, write, inspector } = world();
    for (const value of ['a', 'b', 'c']) await write(value);
    broker.trim(at('orders'), 2n);
    expect((await inspector.offsets('orders')).get(0)).toEqual({ low: 2n, end: 3n });
    expect(String((await inspector.recordAt(at('orders'), 0n))?.value)).toBe('c');
    broker.recreateTopic('orders');
    await write('new');
    expect((await inspector.offsets('orders')).get(0)).toEqual({ low: 0n, end: 1n });
  });
});

describe('a member in memory', () => {
  it('takes part in what is added later: records, partitions, other members', async () => {
    const { broker, write } = world();
    const one = member(broker);
    await one.join();
    await write('a');
    await turns();
    broker.createTopic('orders', 3);
    await turns();
    expect([one.seen.slice(0, 1), one.held()]).toEqual([['a'], 3]);
    const two = member(broker);
    await two.join();
    expect([one.held() + two.held(), two.held() > 0]).toEqual([3, true]);
    await two.consumer.stop();
    await turns();
    expect(one.held()).toBe(3);
  });

  it('that is thrown out lets go, and joins again', async () => {
    const { broker, write } = world();
    const one = member(broker);
    await one.join();
    one.consumer.expire();
    await turns();
    await write('a');
    await turns();
    expect([one.log, one.seen]).toEqual([['assigned 1', 'revoked', 'assigned 1'], ['a']]);
  });

  it('is not waited for longer than ten seconds', async () => {
    const { broker, clock } = world(2);
    const stuck = member(broker, { onRevoked: () => new Promise(() => undefined) });
    await stuck.join();
    const other = member(broker);
    await other.join();
    expect(other.held()).toBe(0);
    const startMs = clock.nowMs();
    while (clock.wakeNext(startMs + 9_999)) await turns();
    expect(other.held()).toBe(0);
    while (clock.wakeNext(startMs + 10_000)) await turns();
    await turns();
    expect(other.held()).toBeGreaterThan(0);
  });

  it('says that its position is lost when records were trimmed before it', async () => {
    const { broker, write } = world();
    for (const value of ['a', 'b']) await write(value);
    broker.trim(at('orders'), 1n);
    const one = member(broker);
    await one.join();
    expect([one.log, one.seen]).toEqual([['assigned 1', 'lost orders'], []]);
  });

  it('starts once', async () => {
    const { broker } = world();
    const one = member(broker);
    await one.join();
    await expect(one.join()).rejects.toThrow('started before');
  });
});
