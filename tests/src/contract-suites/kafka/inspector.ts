import { record, type BrokerFactory } from './broker.js';

/** Looking at topics without being a member of anything. */
export function inspectorContract(broker: () => BrokerFactory): void {
  it('tells the first and the next offset of each partition', async () => {
    const { producer, inspector } = broker();
    const topic = await broker().topic(2);
    await producer.send({ topic, partition: 1 }, [record('a'), record('b')]);
    expect(await inspector.offsets(topic)).toEqual(
      new Map([
        [0, { low: 0n, end: 0n }],
        [1, { low: 0n, end: 2n }],
      ]),
    );
  });

  it('finds the first record at or after a time, or the end', async () => {
    const { producer, inspector } = broker();
    const topic = await broker().topic(1);
    const at = { topic, partition: 0 };
    const times = [1_000_000, 2_000_000, 3_000_000];
    await producer.send(
      at,
      times.map((timestampMs) => record('x', { timestampMs })),
    );
    const offsets = [0, 1_000_001, 2_000_000, 3_000_001].map((time) => inspector.offsetAt(at, time));
    expect(await Promise.all(offsets)).toEqual([0n, 1n, 1n, 3n]);
  });

  it('reads the record at an offset, and none at the end', async () => {
    const { producer, inspector } = broker();
    const topic = await broker().topic(1);
    const at = { topic, partition: 0 };
    expect(await inspector.recordAt(at, 0n)).toBeUndefined();
    await producer.send(at, [record('a'), record('b')]);
    expect(await inspector.recordAt(at, 1n)).toMatchObject({ offset: 1n, value: Buffer.from('b') });
    expect(await inspector.recordAt(at, 2n)).toBeUndefined();
  });
}
