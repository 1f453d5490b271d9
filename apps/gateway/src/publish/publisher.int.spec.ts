import { randomUUID } from 'node:crypto';
import type { RecordProducer } from '@signalbox/agent-kit';
import {
  applyTopics,
  createInspector,
  createProducer,
  type KafkaConnectionOptions,
  type KafkaInspector,
} from '@signalbox/agent-kit-kafka';
import { BrokerProxy } from '../../test/support/broker-proxy.js';
import { eventually, testKafka } from '../../test/support/test-gateway.js';
import type { Outgoing } from './outgoing.js';
import { Publisher } from './publisher.js';

let connection: KafkaConnectionOptions;
let producer: RecordProducer;
let inspector: KafkaInspector;
let proxy: BrokerProxy;
const [wide, narrow] = [`publisher-${randomUUID()}`, `publisher-narrow-${randomUUID()}`];

beforeAll(async () => {
  connection = await testKafka();
  const retentionMs = 3_600_000;
  const topics = [
    { topic: wide, retentionMs, maxMessageBytes: 1_000_000 },
    { topic: narrow, retentionMs, maxMessageBytes: 20_000 },
  ];
  await applyTopics(connection, topics, { partitions: 3, replication: 1 });
  producer = createProducer(connection);
  inspector = createInspector(connection);
  proxy = await BrokerProxy.to(connection.brokers[0] as string);
}, 900_000);

afterAll(async () => {
  await Promise.all([producer?.close(), inspector?.close()]);
  await proxy?.close();
});

function recordFor(topic: string, keyText: string, text: string): Outgoing {
  const key = Buffer.from(keyText);
  return { topic, key, record: { key, value: Buffer.from(text), headers: {} } };
}

async function read(topic: string): Promise<{ key: string; value: string; partition: number }[]> {
  const records = [];
  for await (const { key, value, partition } of inspector.readTopic(topic))
    records.push({ key: String(key), value: String(value), partition });
  return records;
}

describe('Publisher', () => {
  it('writes what comes in one turn and in later ones, each key in order and where Kafka clients expect it', async () => {
    const publisher = new Publisher(producer, 10_000);
    const numbers = Array.from({ length: 60 }, (_, n) => n);
    const publications = [];
    for (const n of numbers) {
      publications.push(publisher.publish([recordFor(wide, `key-${n % 7}`, `${n}`)]));
      if (n % 20 === 19) await new Promise(setImmediate);
    }
    await Promise.all(publications.flatMap(({ acknowledged, settled }) => [acknowledged, settled]));
    const records = await read(wide);
    for (const n of numbers.slice(0, 7)) {
      const own = records.filter(({ key }) => key === `key-${n}`);
      expect(own.map(({ value }) => value)).toEqual(numbers.filter((m) => m % 7 === n).map(String));
      const partition = await producer.partitionFor(wide, Buffer.from(`key-${n}`));
      expect(new Set(own.map((one) => one.partition))).toEqual(new Set([partition]));
    }
  });

  describe('while records are on their way', () => {
    let sent: string[][];
    let letGo: () => void;
    /** The producer, with its first call held up. */
    let slow: RecordProducer;
    beforeEach(() => {
      sent = [];
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const send: RecordProducer['send'] = async (to, records, options) => {
        sent.push(records.map(({ value }) => String(value)));
        if (sent.length === 1) await held;
        return producer.send(to, records, options);
      };
      slow = new Proxy(producer, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (name === 'send') return send;
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    });
    const turns = async (publisher: Publisher): Promise<Promise<void>[]> => {
      const first = publisher.publish([recordFor(wide, 'k', 'a')]).acknowledged;
      await eventually(async () => sent.length === 1);
      const rest = [];
      for (const text of ['b', 'c']) {
        rest.push(publisher.publish([recordFor(wide, 'k', text)]).acknowledged);
        await new Promise(setImmediate);
      }
      return [first, ...rest];
    };

    it('gathers what comes, and sends it together once they are there', async () => {
      const publications = await turns(new Publisher(slow, 10_000, 60_000));
      expect(sent).toEqual([['a']]);
      letGo();
      await Promise.all(publications);
      expect(sent).toEqual([['a'], ['b', 'c']]);
    });

    it('does not wait for them for long', async () => {
      const publications = await turns(new Publisher(slow, 10_000, 1));
      await eventually(async () => sent.flat().join() === 'a,b,c');
      letGo();
      await Promise.all(publications);
    });
  });

  it('lets a refused record fail alone', async () => {
    const publisher = new Publisher(producer, 10_000);
    const large = 'x'.repeat(30_000);
    const outcomes = await Promise.allSettled(
      ['a', large, 'b'].map(
        (text) =>
          publisher.publish([recordFor(narrow, 'same', text), recordFor(wide, 'beside', 'x')]).acknowledged,
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'broker_unavailable' });
    expect((await read(narrow)).map(({ value }) => value)).toEqual(['a', 'b']);
  });

  it('answers at the deadline when Kafka hangs, is settled then or later, and works again afterwards', async () => {
    const behind = createProducer({ ...connection, route: proxy.route });
    try {
      const publisher = new Publisher(behind, 500);
      await new Publisher(behind, 10_000).publish([recordFor(wide, 'k', 'first')]).acknowledged;
      proxy.silence();
      const startedMs = performance.now();
      const hung = publisher.publish([recordFor(wide, 'k', 'hung')]);
      await expect(hung.acknowledged).rejects.toMatchObject({ code: 'broker_unavailable' });
      // A request to Kafka itself is given up after 10 s.
      expect(performance.now() - startedMs).toBeLessThan(9_000);
      proxy.restore();
      await hung.settled;
      await new Publisher(behind, 20_000).publish([recordFor(wide, 'k', 'back')]).acknowledged;
    } finally {
      await behind.close(0);
    }
  });

  it('fails in time when not even the topic’s partitions are known', async () => {
    const away = createProducer({ brokers: ['127.0.0.1:1'], clientId: 'gateway-test' });
    const publication = new Publisher(away, 300).publish([recordFor(wide, 'k', 'x')]);
    await expect(publication.acknowledged).rejects.toMatchObject({ code: 'broker_unavailable' });
    await publication.settled;
    await away.close(0);
  });
});
