import { record, recordBytesMax, valuesIn, type BrokerFactory } from './broker.js';

/** Writing: acknowledged means written, in the order of the calls. */
export function producerContract(broker: () => BrokerFactory): void {
  it('has written every record, byte for byte, when it resolves', async () => {
    const { producer, inspector } = broker();
    const topic = await broker().topic(1);
    const written = record('', {
      key: Buffer.from([0, 255]),
      value: Buffer.from([1, 0, 254]),
      headers: { text: 'ä', bytes: Buffer.from([9, 0, 200]) },
      timestampMs: 1_700_000_000_123,
    });
    await producer.send({ topic, partition: 0 }, [written, record('', { key: null, value: null })]);
    const [first, second] = [
      await inspector.recordAt({ topic, partition: 0 }, 0n),
      await inspector.recordAt({ topic, partition: 0 }, 1n),
    ];
    expect(first).toEqual({
      offset: 0n,
      timestampMs: 1_700_000_000_123,
      key: written.key,
      value: written.value,
      headers: { text: Buffer.from('ä'), bytes: Buffer.from([9, 0, 200]) },
    });
    expect(second).toMatchObject({ offset: 1n, key: null, value: null, headers: {} });
    expect(producer.inFlight).toBe(0);
  });

  it('writes to one partition in the order of the calls, whether they wait for each other or not', async () => {
    const { producer, inspector } = broker();
    const topic = await broker().topic(2);
    const numbers = Array.from({ length: 60 }, (_none, n) => String(n));
    await Promise.all(
      numbers.map((n) => producer.send({ topic, partition: Number(n) % 2 }, [record(n), record(`${n}b`)])),
    );
    for (const partition of [0, 1]) {
      const mine = numbers.filter((n) => Number(n) % 2 === partition);
      expect(await valuesIn(inspector, topic, partition)).toEqual(mine.flatMap((n) => [n, `${n}b`]));
    }
  });

  it('says of a record the broker refuses for good that it is not written, and goes on', async () => {
    const { producer, inspector } = broker();
    const topic = await broker().topic(1);
    const at = { topic, partition: 0 };
    const large = record('x'.repeat(recordBytesMax + 1));
    await expect(producer.send(at, [large])).rejects.toMatchObject({ code: 'broker_refused' });
    await producer.send(at, [record('small')]);
    expect(await valuesIn(inspector, topic)).toEqual(['small']);
  });

  it('knows how many partitions a topic has, and puts a key where every client of Kafka puts it', async () => {
    const { producer } = broker();
    const topic = await broker().topic(7);
    expect(await producer.partitionCount(topic)).toBe(7);
    const keys = ['21', 'foobar', 'a-little-bit-long-string', 'abc'];
    const places = await Promise.all(keys.map((key) => producer.partitionFor(topic, Buffer.from(key))));
    expect(places).toEqual(PLACES);
  });
}

/** Murmur2 of these keys as Kafka's own client tells it, without the sign, modulo 7. */
const PLACES = [3, 0, 1, 4];
