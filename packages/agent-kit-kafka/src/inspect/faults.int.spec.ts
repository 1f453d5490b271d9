import { ConsumerBench, numbers } from '../../test/consumer-bench.js';
import { FaultProxy } from '../../test/fault-proxy.js';
import { at, deleteTopic, makeTopic, uniqueName } from '../../test/kafka.js';
import { createInspector, type KafkaInspector } from './create-inspector.js';
import type { TopicRecord } from './read-topic.js';

const FETCH = 1;
let bench: ConsumerBench;
let proxy: FaultProxy;
let inspector: KafkaInspector;

beforeAll(async () => {
  bench = await ConsumerBench.open();
});

beforeEach(async () => {
  proxy = new FaultProxy(bench.connection);
  inspector = createInspector(await proxy.connection());
});

afterEach(async () => {
  await inspector.close();
  await proxy.close();
});

afterAll(() => bench.close());

const values = async (records: AsyncIterable<TopicRecord>): Promise<string[]> => {
  const read: string[] = [];
  for await (const { value } of records) read.push(String(value));
  return read;
};

describe('an inspector in trouble', () => {
  it('reads a topic without gap or repeat while answers get lost', async () => {
    const topic = await makeTopic(bench.connection, uniqueName('scan-cuts'));
    for (let n = 0; n < 300; n += 30) await bench.write(topic, numbers(n, n + 30));
    let answers = 0;
    proxy.onAnswer = (apiKey) => (apiKey === FETCH && (answers += 1) % 2 === 1 ? 'cut' : 'pass');
    expect(await values(inspector.readTopic(topic))).toEqual(numbers(0, 300));
    expect((await inspector.recordAt(at(topic), 299n))?.value?.toString()).toBe('299');
    expect(answers).toBeGreaterThan(2);
  });

  it('says broker_unavailable while no broker answers, and works again afterwards', async () => {
    const topic = await makeTopic(bench.connection, uniqueName('away'));
    await bench.write(topic, ['a']);
    await inspector.offsets(topic);
    proxy.goDown();
    await expect(inspector.offsets(topic)).rejects.toMatchObject({ code: 'broker_unavailable' });
    await expect(values(inspector.readTopic(topic))).rejects.toMatchObject({ code: 'broker_unavailable' });
    proxy.comeBack();
    expect(await inspector.offsets(topic)).toEqual(new Map([[0, { low: 0n, end: 1n }]]));
  });

  it('follows a topic that is made anew under it', async () => {
    const topic = await makeTopic(bench.connection, uniqueName('anew'));
    await bench.write(topic, numbers(0, 5));
    const tail = inspector.tailTopic(topic, { fromTimeMs: 0 })[Symbol.asyncIterator]();
    for (const n of numbers(0, 5)) expect(String((await tail.next()).value?.value)).toBe(n);
    await deleteTopic(bench.connection, topic);
    await makeTopic(bench.connection, topic);
    await bench.write(topic, ['new']);
    expect(String((await tail.next()).value?.value)).toBe('new');
    await tail.return?.();
  });
});
