import { ConsumerBench, numbers } from '../../test/consumer-bench.js';
import { FaultProxy } from '../../test/fault-proxy.js';
import { at, deleteTopic, makeTopic, record, uniqueName, until } from '../../test/kafka.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { createProducer } from '../producer/create-producer.js';

let bench: ConsumerBench;
let connection: KafkaConnectionOptions;

beforeAll(async () => {
  bench = await ConsumerBench.open();
  connection = bench.connection;
});

afterEach(() => bench.stopMembers());
afterAll(() => bench.close());

describe('a consumer in trouble', () => {
  it('says when the log has no such offset, and reads on only where it is told', async () => {
    const topic = await makeTopic(connection, uniqueName('range'));
    await bench.write(topic, ['a', 'b']);
    const reader = bench.member();
    reader.startAt = () => 50n;
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.lost.length > 0, 'the notice');
    expect(reader.lost).toEqual([`${topic}[0]`]);
    expect(reader.batches).toEqual([]);

    reader.consumer.seek(at(topic), 0n);
    reader.consumer.resume([at(topic)]);
    await until(() => reader.values().length === 2, 'the records');
    expect(reader.lost).toHaveLength(1);
  });

  it('reads a topic again that was deleted and made anew, and the others meanwhile', async () => {
    const [lost, kept] = [uniqueName('lost'), uniqueName('kept')];
    await makeTopic(connection, lost);
    await makeTopic(connection, kept);
    await bench.write(lost, numbers(0, 5));
    const reader = bench.member({ missingTopicsMs: 200 });
    await reader.start(uniqueName('group'), [lost, kept]);
    await until(() => reader.values(lost).length === 5, 'the first records');

    await deleteTopic(connection, lost);
    await until(() => reader.assigned.join() === `${kept}[0]`, 'an assignment without the topic');
    await bench.write(kept, ['meanwhile']);
    await until(() => reader.values(kept).includes('meanwhile'), 'a record of the other topic');

    await makeTopic(connection, lost);
    const again = createProducer(connection);
    await again.send(at(lost), [record('new')]);
    await again.close();
    await until(() => reader.values(lost).includes('new'), 'the record of the new topic');
    expect(reader.crashes).toEqual([]);
  });

  it('starts before its topic exists', async () => {
    const topic = uniqueName('later');
    const reader = bench.member();
    await reader.start(uniqueName('group'), [topic]);
    await makeTopic(connection, topic);
    await bench.write(topic, ['first']);
    await until(() => reader.values().includes('first'), 'the first record');
  });

  it('lives through an outage of the broker', async () => {
    const topic = await makeTopic(connection, uniqueName('outage'));
    await bench.write(topic, ['before']);
    const proxy = new FaultProxy(connection);
    const reader = bench.member({}, await proxy.connection());
    reader.startAt = () => BigInt(reader.values().length);
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.values().length === 1, 'the first record');
    proxy.goDown();
    await bench.write(topic, ['during']);
    await until(() => reader.log.includes('let go'), 'the partitions to be given up');
    proxy.comeBack();
    await until(() => reader.values().includes('during'), 'the record written meanwhile');
    expect(reader.values()).toEqual(['before', 'during']);
    expect(reader.crashes).toEqual([]);
    await reader.consumer.stop();
    await proxy.close();
  });

  it('gives the partitions of a member that went silent to the others, and takes it back later', async () => {
    const topic = await makeTopic(connection, uniqueName('silent'), 2);
    const group = uniqueName('group');
    const proxy = new FaultProxy(connection);
    const [silent, other] = [bench.member({}, await proxy.connection()), bench.member()];
    await silent.start(group, [topic]);
    await until(() => silent.assigned.length === 2, 'both partitions');
    await other.start(group, [topic]);
    await until(() => silent.assigned.length === 1 && other.assigned.length === 1, 'a partition each');
    const heldBefore = silent.batches.length;
    proxy.goDown();
    await until(() => other.assigned.length === 2, 'all partitions at the other');
    await bench.write(topic, ['a'], 0);
    await bench.write(topic, ['b'], 1);
    await until(() => other.values().length === 2, 'both records at the other');
    expect(silent.batches).toHaveLength(heldBefore);
    proxy.comeBack();
    await until(() => silent.assigned.length === 1 && other.assigned.length === 1, 'a partition each again');
    expect([...silent.assigned, ...other.assigned].sort()).toEqual([`${topic}[0]`, `${topic}[1]`]);
    await silent.consumer.stop();
    await proxy.close();
  });

  it('stops in time while the broker is away', async () => {
    const topic = await makeTopic(connection, uniqueName('stop-away'));
    const proxy = new FaultProxy(connection);
    const reader = bench.member({}, await proxy.connection());
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.assigned.length === 1, 'the partition');
    proxy.goDown();
    const startedAtMs = Date.now();
    await reader.consumer.stop();
    expect(Date.now() - startedAtMs).toBeLessThan(25_000);
    expect(reader.log).toEqual(['assigned', 'revoked', 'let go']);
    await proxy.close();
  });

  it('starts while no broker answers', async () => {
    const topic = await makeTopic(connection, uniqueName('early'));
    await bench.write(topic, ['a']);
    const proxy = new FaultProxy(connection);
    const through = await proxy.connection();
    proxy.goDown();
    const reader = bench.member({}, through);
    await reader.start(uniqueName('group'), [topic]);
    proxy.comeBack();
    await until(() => reader.values().includes('a'), 'the record');
    await reader.consumer.stop();
    await proxy.close();
  });

  it('delivers every record in order while answers get lost', async () => {
    const topic = await makeTopic(connection, uniqueName('cuts'), 2);
    const proxy = new FaultProxy(connection);
    let answers = 0;
    proxy.onAnswer = (apiKey) => (apiKey === 1 && (answers += 1) % 5 === 0 ? 'cut' : 'pass');
    const reader = bench.member({ partitionBytesMax: 5_000 }, await proxy.connection());
    const next = [0n, 0n];
    reader.startAt = ({ partition }) => next[partition];
    reader.onBatch = ({ partition, lastOffset }) => (next[partition] = lastOffset + 1n);
    for (const partition of [0, 1]) {
      for (let n = 0; n < 500; n += 25) await bench.write(topic, numbers(n, n + 25), partition);
    }
    await reader.start(uniqueName('group'), [topic]);
    await until(() => next[0] === 500n && next[1] === 500n, 'all records');
    for (const partition of [0, 1]) {
      const batches = reader.batches.filter((batch) => batch.partition === partition);
      const values = batches.flatMap((batch) => batch.records.map(({ value }) => String(value)));
      expect(values).toEqual(numbers(0, 500));
    }
    await reader.consumer.stop();
    await proxy.close();
  });
});
