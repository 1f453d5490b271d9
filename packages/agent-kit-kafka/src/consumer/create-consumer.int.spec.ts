import { ConsumerBench, numbers } from '../../test/consumer-bench.js';
import { at, makeTopic, uniqueName, until, withAdmin } from '../../test/kafka.js';
import { abortedTransaction, committedTransaction } from '../../test/transaction.js';
import type { KafkaConnectionOptions } from '../connection.js';

let bench: ConsumerBench;
let connection: KafkaConnectionOptions;

beforeAll(async () => {
  bench = await ConsumerBench.open();
  connection = bench.connection;
});

afterEach(() => bench.stopMembers());
afterAll(() => bench.close());

describe('createConsumer', () => {
  it('hands out a partition from where the seek says, with headers, key and gapless positions', async () => {
    const topic = await makeTopic(connection, uniqueName('seek'));
    await bench.write(topic, numbers(0, 300));
    const reader = bench.member();
    reader.startAt = () => 100n;
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.values().length >= 200, '200 records');
    await bench.write(topic, ['last']);
    await until(() => reader.values().includes('last'), 'the last record');

    expect(reader.values()).toEqual([...numbers(100, 300), 'last']);
    let next = 100n;
    for (const batch of reader.batches) {
      expect(batch.fetchedOffset).toBe(next);
      next = batch.lastOffset + 1n;
    }
    expect(reader.batches.at(-1)?.highWatermark).toBe(301n);
    expect(reader.fetches).toBeGreaterThan(0);
    expect(reader.crashes).toEqual([]);
  });

  it('fetches nothing before seek and resume, and stays a member while everything is paused', async () => {
    const topic = await makeTopic(connection, uniqueName('paused'));
    await bench.write(topic, ['a', 'b']);
    const reader = bench.member();
    reader.startAt = () => undefined;
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.assignments.length === 1, 'the assignment');
    const joinedAtMs = Date.now();
    reader.consumer.resume([at(topic)]);
    // Longer than the session timeout: only heartbeats keep it in the group.
    await until(() => Date.now() - joinedAtMs > 7_500, 'the session timeout to pass');
    expect(reader.batches).toEqual([]);
    expect(reader.fetches).toBe(0);

    // Resumed before: the seek alone starts it.
    reader.consumer.seek(at(topic), 1n);
    await until(() => reader.values().length >= 1, 'the record');
    expect(reader.values()).toEqual(['b']);
    expect(reader.log).toEqual(['assigned']);
  });

  it('pauses at once and goes on without a gap', async () => {
    const topic = await makeTopic(connection, uniqueName('pause'));
    const reader = bench.member({ partitionBytesMax: 2_000 });
    reader.onBatch = (batch) => reader.consumer.pause([batch]);
    await reader.start(uniqueName('group'), [topic]);
    for (const n of numbers(0, 40)) await bench.write(topic, [n.padEnd(400, ' ')]);
    await until(() => reader.batches.length === 1, 'the first batch');
    let seen = 1;
    while (reader.values().length < 40) {
      reader.consumer.resume([at(topic)]);
      await until(() => reader.batches.length > seen, 'the next batch');
      expect(reader.batches.length).toBe(seen + 1);
      seen = reader.batches.length;
    }
    expect(reader.values().map((value) => value.trim())).toEqual(numbers(0, 40));
  });

  it('never delivers a batch that was fetched for an offset from before a seek', async () => {
    const topic = await makeTopic(connection, uniqueName('stale'));
    await bench.write(topic, numbers(0, 500));
    const reader = bench.member({ partitionBytesMax: 3_000 });
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.batches.length > 0, 'a batch');
    for (let round = 0; round < 30; round += 1) {
      const target = BigInt((round * 37) % 450);
      const before = reader.batches.length;
      reader.consumer.seek(at(topic), target);
      await until(() => reader.batches.length > before, 'a batch after the seek');
      expect(reader.batches[before]?.fetchedOffset).toBe(target);
    }
  });

  it('goes back to its position when the batch callback throws, and says so', async () => {
    const topic = await makeTopic(connection, uniqueName('throws'));
    await bench.write(topic, ['a']);
    const reader = bench.member();
    reader.onBatch = () => {
      throw new TypeError('a bug of the runner');
    };
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.crashes.length > 0, 'the crash');
    expect(reader.crashes[0]).toBeInstanceOf(TypeError);
    expect(reader.batches).toHaveLength(1);

    reader.onBatch = () => undefined;
    reader.consumer.seek(at(topic), 0n);
    await until(() => reader.batches.length === 2, 'the batch again');
  });

  it('passes markers and aborted records, also where a batch holds nothing else', async () => {
    const topic = await makeTopic(connection, uniqueName('markers'));
    const reader = bench.member();
    await reader.start(uniqueName('group'), [topic]);
    await abortedTransaction(connection, topic, ['gone', 'gone']);
    await until(() => reader.batches.at(-1)?.lastOffset === 2n, 'the position behind the marker');
    expect(reader.batches.every(({ records }) => records.length === 0)).toBe(true);

    await committedTransaction(connection, topic, ['kept']);
    await until(() => reader.batches.at(-1)?.lastOffset === 4n, 'the second marker');
    expect(reader.values()).toEqual(['kept']);

    // A batch of only aborted records, fetched before a seek backwards, must not move the position either.
    reader.consumer.seek(at(topic), 0n);
    await until(() => reader.values().length === 2, 'the record again');
  });

  it('gives each of two members only topics it subscribed to', async () => {
    const [common, extra] = [uniqueName('common'), uniqueName('extra')];
    await makeTopic(connection, common, 4);
    await makeTopic(connection, extra, 2);
    const group = uniqueName('group');
    const [older, newer] = [bench.member(), bench.member()];
    await older.start(group, [common]);
    await until(() => older.assigned.length === 4, 'all partitions');
    await newer.start(group, [common, extra]);
    await until(() => older.assigned.length === 2 && newer.assigned.length === 4, 'the shared assignment');

    expect(newer.assigned.filter((name) => name.startsWith(extra))).toHaveLength(2);
    expect([...older.assigned, ...newer.assigned].sort()).toEqual(
      [0, 1, 2, 3]
        .map((n) => `${common}[${n}]`)
        .concat([0, 1].map((n) => `${extra}[${n}]`))
        .sort(),
    );
    await newer.consumer.stop();
    await until(() => older.assigned.length === 4, 'all partitions again');
  });

  it('announces an assignment only after the owner let go of the one before', async () => {
    const topic = await makeTopic(connection, uniqueName('order'), 2);
    const group = uniqueName('group');
    const [first, second] = [bench.member(), bench.member()];
    let letGo: () => void = () => undefined;
    first.onRevoked = () => new Promise((resolve) => (letGo = resolve));
    await first.start(group, [topic]);
    await until(() => first.assigned.length === 2, 'both partitions');
    await second.start(group, [topic]);
    await until(() => second.assigned.length === 1, 'a partition for the second');
    expect(first.log).toEqual(['assigned', 'revoked']);
    letGo();
    first.onRevoked = () => Promise.resolve();
    await until(() => first.assignments.length === 2, 'the new assignment');
    expect(first.log).toEqual(['assigned', 'revoked', 'let go', 'assigned']);
  });

  it('notices partitions that were added', async () => {
    const topic = await makeTopic(connection, uniqueName('grown'));
    const reader = bench.member();
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.assigned.length === 1, 'the first partition');
    await withAdmin(connection, (admin) =>
      admin.use((client) => client.createPartitions({ topicPartitions: [{ topic, count: 3 }] })),
    );
    await until(() => reader.assigned.length === 3, 'the new partitions');
    await bench.write(topic, ['in the new one'], 2);
    await until(() => reader.values().includes('in the new one'), 'its record');
  });

  it('commits offsets that tools can see, and leaves the group on stop', async () => {
    const topic = await makeTopic(connection, uniqueName('tools'));
    await bench.write(topic, numbers(0, 10));
    const group = uniqueName('group');
    const reader = bench.member();
    await reader.start(group, [topic]);
    await until(() => reader.values().length === 10, 'the records');
    await reader.consumer.commitForTools([{ ...at(topic), offset: 7n }]);
    await reader.consumer.commitForTools([{ ...at('not.ours'), offset: 7n }]);
    await Promise.all([reader.consumer.stop(), reader.consumer.stop()]);

    const described = await withAdmin(connection, (admin) =>
      admin.use(async (client) => ({
        offsets: await client.fetchOffsets({ groupId: group, topics: [topic] }),
        groups: await client.describeGroups([group]),
      })),
    );
    expect(described.offsets[0]?.partitions[0]?.offset).toBe('7');
    expect(described.groups.groups[0]?.members).toEqual([]);
    expect(reader.log).toEqual(['assigned', 'revoked', 'let go']);
    expect(reader.crashes).toEqual([]);
  });
});
