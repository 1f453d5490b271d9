import type { RecordProducer } from '@signalbox/agent-kit';
import type { KafkaConnectionOptions } from '../connection.js';
import { at, makeTopic, record, testConnection, uniqueName } from '../../test/kafka.js';
import { readAll } from '../../test/read-all.js';
import { createProducer, type ProducerOptions } from './create-producer.js';

let connection: KafkaConnectionOptions;
const open: RecordProducer[] = [];

beforeAll(async () => {
  connection = await testConnection();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((producer) => producer.close()));
});

const producerWith = (options: ProducerOptions = {}, to = connection): RecordProducer => {
  const producer = createProducer(to, options);
  open.push(producer);
  return producer;
};

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

describe('createProducer', () => {
  it('writes every record once, each partition in the order of the calls', async () => {
    const topic = await makeTopic(connection, uniqueName('order'), 3);
    const producer = producerWith();
    await Promise.all(numbers(3_000).map((n) => producer.send(at(topic, Number(n) % 3), [record(n)])));
    expect(producer.inFlight).toBe(0);

    const records = await readAll(connection, topic, (read) => read.length >= 3_000);
    for (const partition of [0, 1, 2]) {
      const values = records.filter((read) => read.partition === partition).map(({ value }) => value);
      expect(values).toEqual(numbers(3_000).filter((n) => Number(n) % 3 === partition));
    }
  });

  it('keeps key, value, headers and time, also when key and value are null', async () => {
    const topic = await makeTopic(connection, uniqueName('content'));
    const headers = { text: 'grün', bytes: Buffer.from([0, 255]) };
    await producerWith().send(at(topic), [
      { key: Buffer.from('k'), value: Buffer.from('v'), headers, timestampMs: 1_700_000_000_123 },
      { key: null, value: null, headers: {} },
    ]);
    const records = await readAll(connection, topic, (read) => read.length >= 2);
    expect(records.map(({ value }) => value)).toEqual(['v', 'null']);
  });

  it('refuses a record that is too large and lets its neighbours through', async () => {
    const topic = await makeTopic(connection, uniqueName('too-large'), 1, { 'max.message.bytes': '20000' });
    const producer = producerWith();
    const sends = numbers(20).map((n) =>
      producer.send(at(topic), [record(n === '7' ? 'x'.repeat(30_000) : n)]),
    );
    const outcomes = await Promise.allSettled(sends);

    const rejected = outcomes.flatMap((outcome, n) =>
      outcome.status === 'rejected' ? [{ n, outcome }] : [],
    );
    expect(rejected.map(({ n }) => n)).toEqual([7]);
    expect(rejected[0]?.outcome.reason).toMatchObject({ code: 'broker_refused', retryable: false });
    const records = await readAll(connection, topic, (read) => read.length >= 19);
    expect(records.map(({ value }) => value)).toEqual(numbers(20).filter((n) => n !== '7'));
  });

  it('names the refused records of one call and writes the others', async () => {
    const topic = await makeTopic(connection, uniqueName('pointers'), 1, { 'max.message.bytes': '20000' });
    const values = ['a', 'x'.repeat(30_000), 'b', 'y'.repeat(30_000), 'c'];
    const sending = producerWith().send(
      at(topic),
      values.map((value) => record(value)),
    );
    await expect(sending).rejects.toMatchObject({
      code: 'broker_refused',
      pointers: [{ pointer: '/1' }, { pointer: '/3' }],
    });
    const records = await readAll(connection, topic, (read) => read.length >= 3);
    expect(records.map(({ value }) => value)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a topic that stays unknown, and one whose name is invalid', async () => {
    const producer = producerWith({ unknownTopicMs: 300 });
    await expect(producer.send(at(uniqueName('nowhere')), [record('1')])).rejects.toMatchObject({
      code: 'broker_refused',
    });
    await expect(producer.send(at('no spaces allowed'), [record('1')])).rejects.toMatchObject({
      code: 'broker_refused',
    });
  });

  it('waits for a topic that is made a moment later', async () => {
    const topic = uniqueName('late');
    const sending = producerWith({ unknownTopicMs: 20_000 }).send(at(topic), [record('patient')]);
    await makeTopic(connection, topic);
    await sending;
    const records = await readAll(connection, topic, (read) => read.length >= 1);
    expect(records[0]?.value).toBe('patient');
  });

  it('never reports a record written to a partition the topic does not have', async () => {
    const topic = await makeTopic(connection, uniqueName('no-partition'), 2);
    const producer = producerWith({ unknownTopicMs: 300 });
    await producer.send(at(topic, 1), [record('here')]);
    await expect(producer.send(at(topic, 2), [record('nowhere')])).rejects.toMatchObject({
      code: 'broker_refused',
    });
  });

  it('knows the partitions of a topic and the place of a key', async () => {
    const topic = await makeTopic(connection, uniqueName('count'), 5);
    const producer = producerWith();
    expect(await producer.partitionCount(topic)).toBe(5);
    // murmur2("foobar") = -790332482 in Kafka's own tests.
    expect(await producer.partitionFor(topic, Buffer.from('foobar'))).toBe((-790332482 & 0x7fffffff) % 5);
    await expect(producer.partitionCount(uniqueName('missing'))).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
  });

  it('learns the partitions of many topics at once, also when some do not exist', async () => {
    const topics = await Promise.all(
      [1, 2, 3, 4].map((count) => makeTopic(connection, uniqueName('many'), count)),
    );
    const producer = producerWith();
    const asked = topics.flatMap((topic) => [uniqueName('missing'), topic]);
    const counts = await Promise.allSettled(asked.map((topic) => producer.partitionCount(topic)));
    expect(counts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))).toEqual([1, 2, 3, 4]);
  });

  it('takes nothing after close and settles what was in flight', async () => {
    const topic = await makeTopic(connection, uniqueName('close'));
    const producer = producerWith();
    const sends = numbers(200).map((n) => producer.send(at(topic), [record(n)]));
    await Promise.all([producer.close(), ...sends]);
    expect(producer.inFlight).toBe(0);
    await expect(producer.send(at(topic), [record('late')])).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
    expect(await readAll(connection, topic, (read) => read.length >= 200)).toHaveLength(200);
  });
});
