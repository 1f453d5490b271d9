import type { RecordProducer } from '@signalbox/agent-kit';
import {
  at,
  deleteTopic,
  makeTopic,
  record,
  testConnection,
  uniqueName,
  until,
  withAdmin,
} from '../../test/kafka.js';
import { abortedTransaction } from '../../test/transaction.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { createProducer } from '../producer/create-producer.js';
import { createInspector, type KafkaInspector } from './create-inspector.js';
import type { TopicRecord } from './read-topic.js';

let connection: KafkaConnectionOptions;
let inspector: KafkaInspector;
let producer: RecordProducer;

beforeAll(async () => {
  connection = await testConnection();
  inspector = createInspector(connection);
  producer = createProducer(connection);
});

afterAll(() => Promise.all([inspector.close(), producer.close()]));

const timed = (value: string, timestampMs: number) => ({ ...record(value), timestampMs });

async function collect(records: AsyncIterable<TopicRecord>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { partition, offset, value } of records)
    lines.push(`${partition}/${offset} ${value?.toString()}`);
  return lines.sort();
}

describe('createInspector', () => {
  it('tells the ends of each partition', async () => {
    const topic = await makeTopic(connection, uniqueName('ends'), 2);
    await producer.send(at(topic, 1), [record('a'), record('b'), record('c')]);
    await withAdmin(connection, (admin) =>
      admin.use(async (client) => {
        // Loads the metadata that deleteTopicRecords forgets to load.
        await client.fetchTopicOffsets(topic);
        await client.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '2' }] });
      }),
    );
    expect(await inspector.offsets(topic)).toEqual(
      new Map([
        [0, { low: 0n, end: 0n }],
        [1, { low: 2n, end: 3n }],
      ]),
    );
  });

  it('connects ahead, also where a topic is missing, and answers those who ask together alike', async () => {
    const topic = await makeTopic(connection, uniqueName('ahead'));
    const early = createInspector(connection);
    await early.connect([topic, uniqueName('missing')]);
    await early.connect([topic]);
    const [first, second] = await Promise.all([early.offsets(topic), early.offsets(topic)]);
    expect(second).toBe(first);
    await producer.send(at(topic), [record('a')]);
    expect(await early.offsets(topic)).toEqual(new Map([[0, { low: 0n, end: 1n }]]));
    await expect(early.offsets(uniqueName('missing'))).rejects.toMatchObject({ code: 'broker_unavailable' });
    await early.close();
  });

  it('finds the first record at or after a time', async () => {
    const topic = await makeTopic(connection, uniqueName('time'));
    await producer.send(at(topic), [timed('a', 1_000_000), timed('b', 2_000_000), timed('c', 3_000_000)]);
    expect(await inspector.offsetAt(at(topic), 0)).toBe(0n);
    expect(await inspector.offsetAt(at(topic), 1_000_001)).toBe(1n);
    expect(await inspector.offsetAt(at(topic), 3_000_000)).toBe(2n);
    expect(await inspector.offsetAt(at(topic), 3_000_001)).toBe(3n);
  });

  it('reads one record, the next that exists, or none', async () => {
    const topic = await makeTopic(connection, uniqueName('one'));
    await producer.send(at(topic), [{ ...timed('a', 1_000_000), headers: { h: 'x' } }, record('b')]);
    await abortedTransaction(connection, topic, ['gone']);
    await until(async () => (await inspector.offsets(topic)).get(0)?.end === 4n, 'the marker');
    await producer.send(at(topic), [record('after')]);

    expect(await inspector.recordAt(at(topic), 0n)).toEqual({
      offset: 0n,
      timestampMs: 1_000_000,
      key: Buffer.from('key'),
      value: Buffer.from('a'),
      headers: { h: Buffer.from('x') },
    });
    // Offset 2 was aborted and 3 is the marker.
    expect(await inspector.recordAt(at(topic), 2n)).toMatchObject({
      offset: 4n,
      value: Buffer.from('after'),
    });
    expect(await inspector.recordAt(at(topic), 5n)).toBeUndefined();
    expect(await inspector.recordAt(at(topic), 99n)).toBeUndefined();
  });

  it('reads a topic from a place to an end and stops there', async () => {
    const topic = await makeTopic(connection, uniqueName('scan'), 2);
    await producer.send(at(topic, 0), [timed('a', 1_000_000), timed('b', 2_000_000)]);
    await producer.send(at(topic, 1), [timed('c', 1_500_000), timed('d', 2_500_000), timed('e', 2_600_000)]);

    expect(await collect(inspector.readTopic(topic))).toEqual(['0/0 a', '0/1 b', '1/0 c', '1/1 d', '1/2 e']);
    expect(await collect(inspector.readTopic(topic, { fromTimeMs: 1_900_000 }))).toEqual([
      '0/1 b',
      '1/1 d',
      '1/2 e',
    ]);
    const from = new Map([[1, 1n]]);
    const until = new Map([
      [0, 1n],
      [1, 2n],
    ]);
    expect(await collect(inspector.readTopic(topic, { from, until }))).toEqual(['0/0 a', '1/1 d']);
    expect(await collect(inspector.readTopic(topic, { fromTimeMs: 9_000_000 }))).toEqual([]);
  });

  it('passes aborted records at the end of a topic', async () => {
    const topic = await makeTopic(connection, uniqueName('aborted-end'));
    await producer.send(at(topic), [record('a')]);
    await abortedTransaction(connection, topic, ['gone']);
    expect(await collect(inspector.readTopic(topic))).toEqual(['0/0 a']);
  });

  it('follows a topic as it grows, until told to stop', async () => {
    const topic = await makeTopic(connection, uniqueName('tail'), 2);
    await producer.send(at(topic), [record('before')]);
    const stop = new AbortController();
    const seen: string[] = [];
    const tail = (async () => {
      for await (const { value } of inspector.tailTopic(topic, { signal: stop.signal }))
        seen.push(String(value));
    })();
    for (let n = 0; !seen.includes('stop'); n += 1) {
      await producer.send(at(topic, n % 2), [record(seen.length === 0 ? 'go' : 'stop')]);
      const sizeBefore = seen.length;
      await until(() => n === 0 || seen.length > sizeBefore, 'the record', 5_000).catch(() => undefined);
    }
    stop.abort();
    await tail;
    expect(seen).not.toContain('before');
  });

  it('still answers about other topics after one was deleted, and says broker_unavailable for that one', async () => {
    const [gone, here] = [uniqueName('gone'), uniqueName('here')];
    await makeTopic(connection, gone);
    await makeTopic(connection, here);
    await inspector.offsets(gone);
    await deleteTopic(connection, gone);
    await expect(inspector.offsets(gone)).rejects.toMatchObject({ code: 'broker_unavailable' });
    expect(await inspector.offsets(here)).toEqual(new Map([[0, { low: 0n, end: 0n }]]));
  });
});
