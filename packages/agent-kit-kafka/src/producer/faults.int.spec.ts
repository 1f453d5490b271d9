import type { RecordProducer } from '@signalbox/agent-kit';
import { FaultProxy } from '../../test/fault-proxy.js';
import { at, makeTopic, record, testConnection, uniqueName, until, withAdmin } from '../../test/kafka.js';
import { partitionsIn } from '../../test/produce-request.js';
import { readAll, type ReadRecord } from '../../test/read-all.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { createProducer, type ProducerOptions } from './create-producer.js';

const PRODUCE = 0;
const METADATA = 3;
/** How long answers are held back: so long that a busy machine has sent the requests before. */
const heldMs = 3_000;
let connection: KafkaConnectionOptions;
let proxy: FaultProxy;
let producer: RecordProducer;

beforeAll(async () => {
  connection = await testConnection();
});

beforeEach(() => {
  proxy = new FaultProxy(connection);
});

afterEach(async () => {
  await producer.close(0);
  await proxy.close();
});

const start = async (options: ProducerOptions = {}): Promise<void> => {
  producer = createProducer(await proxy.connection(), options);
};

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

/** The first time each value shows up; a repeat after a lost answer is allowed, a gap or a swap is not. */
const firsts = (records: readonly ReadRecord[], partition: number): string[] => [
  ...new Set(records.filter((read) => read.partition === partition).map(({ value }) => value)),
];

describe('a producer whose answers get lost', () => {
  // Once the leaders are known, partitions share requests.
  it.each([
    ['one partition a request', false],
    ['shared requests', true],
  ])('loses nothing and keeps the order of each partition: %s', async (_, shared) => {
    const topic = await makeTopic(connection, uniqueName('cuts'), 3);
    let answers = 0;
    let cuts = 0;
    proxy.onAnswer = (apiKey) => {
      if (apiKey !== PRODUCE || (answers += 1) % 7 !== 0) return 'pass';
      cuts += 1;
      return 'cut';
    };
    await start();
    if (shared) await producer.partitionCount(topic);
    // Eight callers, each with its own run of records over all partitions.
    const callers = numbers(8).map(async (caller) => {
      for (const n of numbers(60)) await producer.send(at(topic, Number(n) % 3), [record(`${caller}-${n}`)]);
    });
    await Promise.all(callers);
    expect(cuts).toBeGreaterThan(5);

    const isComplete = (read: readonly ReadRecord[]) => new Set(read.map(({ value }) => value)).size === 480;
    const records = await readAll(connection, topic, isComplete);
    for (const partition of [0, 1, 2]) {
      for (const caller of numbers(8)) {
        const own = firsts(records, partition).filter((value) => value.startsWith(`${caller}-`));
        const sent = numbers(60).filter((n) => Number(n) % 3 === partition);
        expect(own).toEqual(sent.map((n) => `${caller}-${n}`));
      }
    }
  });

  it('puts exactly one partition into a request and has one request in flight for each', async () => {
    const topic = await makeTopic(connection, uniqueName('single'), 4);
    const requests: number[][] = [];
    proxy.onRequest = (apiKey, frame) => {
      if (apiKey === PRODUCE) requests.push(partitionsIn(frame));
    };
    await start();
    await Promise.all(numbers(400).map((n) => producer.send(at(topic, Number(n) % 4), [record(n)])));
    expect(requests.length).toBeGreaterThanOrEqual(4);
    for (const partitions of requests) expect(partitions).toHaveLength(1);

    // Held answers: nothing more may go out on these partitions.
    requests.length = 0;
    proxy.onAnswer = (apiKey) => (apiKey === PRODUCE ? 'hold' : 'pass');
    const sends = numbers(40).map((n) =>
      producer.send(at(topic, Number(n) % 4), [record(n)], { deadlineMs: heldMs }),
    );
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(requests.map(([partition]) => partition).sort()).toEqual([0, 1, 2, 3]);
  });

  it('shares requests between partitions whose leader is known, each with one request in flight', async () => {
    const [topic, other] = [
      await makeTopic(connection, uniqueName('shared'), 2),
      await makeTopic(connection, uniqueName('shared')),
    ];
    const requests: number[][] = [];
    proxy.onRequest = (apiKey, frame) => {
      if (apiKey === PRODUCE) requests.push(partitionsIn(frame));
    };
    await start();
    await Promise.all([producer.partitionCount(topic), producer.partitionCount(other)]);
    const places = [at(topic, 0), at(topic, 1), at(other)];
    await Promise.all(places.map((place) => producer.send(place, [record('first')])));
    expect(requests).toEqual([[0, 1, 0]]);

    // Held answers: nothing more may go out on these partitions; afterwards each goes alone.
    proxy.onAnswer = (apiKey) => (apiKey === PRODUCE ? 'hold' : 'pass');
    const held = places.map((place) => producer.send(place, [record('held')], { deadlineMs: heldMs }));
    const queued = places.map((place) => producer.send(place, [record('queued')], { deadlineMs: heldMs }));
    const outcomes = await Promise.allSettled([...held, ...queued]);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(requests).toHaveLength(2);
  });

  it('names the refused partition of a shared request and writes the others', async () => {
    const [small, large] = [
      await makeTopic(connection, uniqueName('small'), 1, { 'max.message.bytes': '20000' }),
      await makeTopic(connection, uniqueName('large')),
    ];
    await start();
    await Promise.all([producer.partitionCount(small), producer.partitionCount(large)]);
    const big = 'x'.repeat(30_000);
    const outcomes = await Promise.allSettled([
      producer.send(at(small), [record(big)]),
      producer.send(at(large), [record(big)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((outcomes[0] as PromiseRejectedResult).reason).toMatchObject({ code: 'broker_refused' });
  });

  it('tells a caller at its deadline that the outcome is unknown, and the next one waits its own', async () => {
    const topic = await makeTopic(connection, uniqueName('deadline'));
    await start();
    await producer.send(at(topic), [record('first')]);
    proxy.goDown();
    const startedAtMs = Date.now();
    const impatient = producer.send(at(topic), [record('impatient')], { deadlineMs: 300 });
    const patient = producer.send(at(topic), [record('patient')], { deadlineMs: 30_000 });
    await expect(impatient).rejects.toMatchObject({ code: 'broker_unavailable', retryable: true });
    expect(Date.now() - startedAtMs).toBeLessThan(15_000); // half of the other's deadline
    expect(producer.inFlight).toBe(1);
    proxy.comeBack();
    await patient;
    const records = await readAll(connection, topic, (read) => read.some(({ value }) => value === 'patient'));
    expect(records[0]?.value).toBe('first');
    expect(records.at(-1)?.value).toBe('patient');
  });

  it('rejects at once, unsent, what does not fit into memory, and takes more when there is room again', async () => {
    const topic = await makeTopic(connection, uniqueName('full'));
    await start({ queuedBytesMax: 50_000 });
    await producer.send(at(topic), [record('first')]);
    proxy.goDown();
    const big = 'x'.repeat(20_000);
    const waiting = [1, 2].map(() => producer.send(at(topic), [record(big)], { deadlineMs: heldMs }));
    let settled = 0;
    for (const sending of waiting) sending.catch(() => (settled += 1));
    await expect(producer.send(at(topic), [record(big)])).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
    expect(settled).toBe(0); // those before it still wait
    await Promise.allSettled(waiting);
    proxy.comeBack();
    const retried = async (): Promise<boolean> =>
      producer.send(at(topic), [record('room')], { deadlineMs: 5_000 }).then(
        () => true,
        () => false,
      );
    await until(retried, 'room in memory');
  });

  it('serves its topics after one of them was deleted', async () => {
    const [gone, here] = [uniqueName('gone'), uniqueName('here')];
    await makeTopic(connection, gone);
    await makeTopic(connection, here);
    await start({ unknownTopicMs: 2_000 });
    await producer.send(at(gone), [record('1')]);
    await producer.send(at(here), [record('1')]);
    await withAdmin(connection, (admin) => admin.use((client) => client.deleteTopics({ topics: [gone] })));
    // Makes kafkajs refresh its metadata, which now fails as a whole.
    proxy.cutAll();
    await producer.send(at(here), [record('2')]);
    await expect(producer.send(at(gone), [record('2')])).rejects.toMatchObject({ code: 'broker_refused' });
    await producer.send(at(here), [record('3')]);
    expect(await readAll(connection, here, (read) => read.length >= 3)).toHaveLength(3);
  });

  it('asks anew who leads when a broker took a request and does not answer', async () => {
    const topic = await makeTopic(connection, uniqueName('silent'));
    await start();
    await producer.send(at(topic), [record('1')]);
    let questions = 0;
    let unanswered = 1;
    proxy.onRequest = (apiKey) => (questions += apiKey === METADATA ? 1 : 0);
    proxy.onAnswer = (apiKey) => (apiKey === PRODUCE && unanswered-- > 0 ? 'hold' : 'pass');
    await producer.send(at(topic), [record('2')]);
    expect(questions).toBeGreaterThan(0);
    const records = await readAll(connection, topic, (read) => read.length >= 3);
    expect(records.map(({ value }) => value)).toEqual(['1', '2', '2']);
  });

  it('says at connect that no broker answers, and connects later', async () => {
    const topic = await makeTopic(connection, uniqueName('connect'));
    await start();
    proxy.goDown();
    await expect(producer.connect()).rejects.toMatchObject({ code: 'broker_unavailable' });
    proxy.comeBack();
    await producer.connect();
    await producer.send(at(topic), [record('1')]);
  });

  it('closes in time while the broker is away, and settles every call', async () => {
    const topic = await makeTopic(connection, uniqueName('close-away'));
    await start();
    await producer.send(at(topic), [record('first')]);
    proxy.goDown();
    const sends = numbers(20).map((n) => producer.send(at(topic), [record(n)]));
    const settled = Promise.allSettled(sends);
    const startedAtMs = Date.now();
    await producer.close(300);
    expect(Date.now() - startedAtMs).toBeLessThan(20_000); // their deadlines are 30 s away
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
    expect(producer.inFlight).toBe(0);
  });
});
