import type { ConsumerCallbacks, FetchedBatch, TopicPartition } from '@signalbox/agent-kit';
import { MemoryBroker } from './memory-broker.js';
import { MemoryConsumer, type MemoryConsumerOptions } from './memory-consumer.js';
import { MemoryInspector } from './memory-inspector.js';
import { VirtualClock } from './virtual-clock.js';

const topic = 'orders';
const place = (partition: number): TopicPartition => ({ topic, partition });
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
};

describe('consumers in memory', () => {
  let clock: VirtualClock;
  let broker: MemoryBroker;
  let members: Member[];
  beforeEach(() => {
    clock = new VirtualClock();
    broker = new MemoryBroker({ clock, agents: [] });
    broker.createTopic(topic, 3);
    members = [];
  });
  afterEach(() => Promise.all(members.map(({ consumer }) => consumer.stop())));

  /** A member that starts each of its partitions where it is told, and notes what it hears. */
  class Member {
    readonly consumer: MemoryConsumer;
    assigned: number[] = [];
    readonly heard: string[] = [];
    readonly batches: FetchedBatch[] = [];
    /** What its letting go waits for. */
    letGo: Promise<void> = Promise.resolve();
    from: bigint | undefined = 0n;

    constructor(options: MemoryConsumerOptions = {}) {
      this.consumer = new MemoryConsumer(broker, options);
      members.push(this);
    }

    async start(topics: readonly string[] = [topic]): Promise<this> {
      const callbacks: ConsumerCallbacks = {
        onAssigned: (partitions) => {
          this.assigned = partitions.map(({ partition }) => partition);
          this.heard.push(`assigned ${this.assigned.join()}`);
          if (this.from === undefined) return;
          for (const one of partitions) this.consumer.seek(one, this.from);
          this.consumer.resume(partitions);
        },
        onRevoked: () => {
          this.heard.push('revoked');
          return this.letGo;
        },
        onBatch: (batch) => this.batches.push(batch),
        onFetch: (partitions) => this.heard.push(`fetched ${partitions.length}`),
        onPositionLost: ({ partition }) => this.heard.push(`lost ${partition}`),
        onCrash: () => undefined,
      };
      await this.consumer.start('group', topics, callbacks);
      await turns();
      return this;
    }

    get values(): string[] {
      return this.batches.flatMap(({ records }) => records.map(({ value }) => String(value)));
    }
  }
  const append = async (partition: number, ...values: string[]): Promise<void> => {
    broker.append(
      place(partition),
      values.map((value) => ({ key: null, value: Buffer.from(value), headers: {} })),
    );
    await turns();
  };
  const pass = async (ms: number): Promise<void> => {
    const untilMs = clock.nowMs() + ms;
    for (await turns(); clock.wakeNext(untilMs); await turns());
  };

  it('share the partitions, each read by one member, and hand over what a leaver had', async () => {
    const [a, b] = [await new Member().start(), await new Member().start()];
    expect([...a.assigned, ...b.assigned].sort()).toEqual([0, 1, 2]);
    expect(a.heard.slice(0, 3)).toEqual(['assigned 0,1,2', 'revoked', expect.stringMatching(/^assigned/)]);
    await a.consumer.stop();
    await turns();
    expect(b.assigned).toEqual([0, 1, 2]);
    await append(1, 'x');
    expect([a.values, b.values]).toEqual([[], ['x']]);
  });

  it('give each partition to a member that reads its topic', async () => {
    broker.createTopic('refunds', 2);
    const [a, b] = [await new Member().start(), await new Member().start([topic, 'refunds'])];
    const own = b.heard.at(-1);
    expect(own).toMatch(/assigned/);
    expect(a.assigned.length + b.assigned.length).toBe(5);
  });

  it('hear of partitions that are added later', async () => {
    const a = await new Member().start();
    broker.createTopic(topic, 5);
    await turns();
    expect(a.assigned).toEqual([0, 1, 2, 3, 4]);
  });

  it('fetch nothing before they are told where to begin, nor while they pause', async () => {
    const a = new Member();
    a.from = undefined;
    await a.start();
    await append(0, 'x');
    expect(a.values).toEqual([]);
    a.consumer.seek(place(0), 0n);
    await turns();
    expect(a.values).toEqual([]);
    a.consumer.resume([place(0)]);
    await turns();
    expect(a.values).toEqual(['x']);
    a.consumer.pause([place(0)]);
    await append(0, 'y');
    expect(a.values).toEqual(['x']);
    a.consumer.resume([place(0)]);
    await turns();
    expect(a.values).toEqual(['x', 'y']);
  });

  it('fetch in batches that tell their place, their end and what the log holds', async () => {
    const a = await new Member({ batchSize: () => 2 }).start();
    await append(0, '1', '2', '3');
    expect(a.batches).toMatchObject([
      { partition: 0, fetchedOffset: 0n, lastOffset: 1n, highWatermark: 3n },
      { partition: 0, fetchedOffset: 2n, lastOffset: 2n, highWatermark: 3n },
    ]);
  });

  it('read on from where they seek, and drop what was fetched for the place before', async () => {
    const held: (() => void)[] = [];
    let isHeld = false;
    const a = await new Member({ schedule: (_what, run) => (isHeld ? void held.push(run) : run()) }).start();
    isHeld = true;
    await append(0, '1', '2', '3');
    a.consumer.seek(place(0), 2n);
    for (const run of held.splice(0)) run();
    expect(a.batches.map(({ fetchedOffset }) => fetchedOffset)).toEqual([2n]);
    isHeld = false;
  });

  it.each([
    ['before what is left', 0n],
    ['behind the end', 9n],
  ])('tell of a position %s, and fetch there no more', async (_where, offset) => {
    await append(0, '1', '2', '3');
    broker.trim(place(0), 2n);
    const a = new Member();
    a.from = undefined;
    await a.start();
    a.consumer.seek(place(0), offset);
    a.consumer.resume([place(0)]);
    await append(0, '4');
    expect(a.heard.filter((line) => line.startsWith('lost'))).toEqual(['lost 0']);
    expect(a.values).toEqual([]);
    a.consumer.seek(place(0), 2n);
    a.consumer.resume([place(0)]);
    await turns();
    expect(a.values).toEqual(['3', '4']);
  });

  it('wait for a member that lets go slowly, at most ten seconds; it hears of its share when it has', async () => {
    const slow = await new Member().start();
    let hasLetGo: () => void = () => undefined;
    slow.letGo = new Promise((resolve) => (hasLetGo = resolve));
    const next = await new Member().start();
    expect(next.assigned).toEqual([]);
    await pass(10_000);
    expect(next.assigned).not.toEqual([]);
    expect(slow.heard.at(-1)).toBe('revoked');
    hasLetGo();
    await turns();
    expect([...slow.assigned, ...next.assigned].sort()).toEqual([0, 1, 2]);
  });

  it('join again when they were expelled, and read on as they are told', async () => {
    const a = await new Member().start();
    a.consumer.expire();
    await turns();
    expect(a.heard).toEqual([
      'assigned 0,1,2',
      'revoked',
      expect.stringMatching(/^assigned [012],[012],[012]$/),
    ]);
    await append(2, 'x');
    expect(a.values).toEqual(['x']);
  });

  it('answer fetches without records every five seconds, of the partitions that are read', async () => {
    const a = await new Member().start();
    a.consumer.pause([place(1)]);
    await pass(5_000);
    expect(a.heard.at(-1)).toBe('fetched 2');
    a.consumer.pause([place(0), place(2)]);
    const before = a.heard.length;
    await pass(5_000);
    expect(a.heard).toHaveLength(before);
  });

  it('start once, and only on topics that exist', async () => {
    const a = await new Member().start();
    await expect(a.start()).rejects.toMatchObject({ code: 'internal' });
    await expect(new Member().start(['nowhere'])).rejects.toMatchObject({ code: 'broker_unavailable' });
  });

  it('keep offsets for tools, which nobody reads back', async () => {
    const a = await new Member().start();
    await a.consumer.commitForTools([{ ...place(0), offset: 7n }]);
    expect(broker.group('group').committed).toEqual(new Map([['orders/0', 7n]]));
  });

  it('can be looked at: ends, the first record at a time, the next record that exists', async () => {
    const inspector = new MemoryInspector(broker);
    await append(0, '1', '2');
    clock.jumpTo(clock.nowMs() + 1_000);
    await append(0, '3');
    broker.trim(place(0), 1n);
    expect((await inspector.offsets(topic)).get(0)).toEqual({ low: 1n, end: 3n });
    expect(await inspector.offsetAt(place(0), clock.nowMs())).toBe(2n);
    expect(await inspector.offsetAt(place(0), clock.nowMs() + 1)).toBe(3n);
    expect(await inspector.recordAt(place(0), 0n)).toMatchObject({ offset: 1n, value: Buffer.from('2') });
    expect(await inspector.recordAt(place(0), 3n)).toBeUndefined();
    await inspector.close();
  });
});
