import type { TopicPartition } from '@signalbox/agent-kit';
import { eventually } from '@signalbox/test-kit';
import { randomUUID } from 'node:crypto';
import { record, type BrokerFactory } from './broker.js';
import { Member } from './member.js';

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_none, n) => String(from + n));
const group = (): string => `group-${randomUUID().slice(0, 8)}`;

/** Reading as a member of a group: from where one is told, without a gap, and only what one holds. */
export function consumerContract(broker: () => BrokerFactory): void {
  const members: Member[] = [];
  const member = (): Member => {
    const one = new Member(broker().consumer());
    members.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(members.splice(0).map(({ consumer }) => consumer.stop()));
  });
  const write = async (topic: string, values: readonly string[], partition = 0): Promise<TopicPartition> => {
    await broker().producer.send(
      { topic, partition },
      values.map((value) => record(value)),
    );
    return { topic, partition };
  };

  it('hands out a partition from where the seek says, batch after batch without a gap', async () => {
    const topic = await broker().topic(1);
    await write(topic, numbers(0, 30));
    const reader = member();
    reader.startAt = 10n;
    await reader.join(group(), [topic], 1);
    expect(await reader.reads(20)).toEqual(numbers(10, 30));
    await write(topic, ['more']);
    await reader.reads(21);
    let next = 10n;
    for (const { fetchedOffset, lastOffset, records } of reader.batches) {
      expect([fetchedOffset, records[0]?.offset]).toEqual([next, next]);
      next = lastOffset + 1n;
    }
    expect([next, reader.batches.at(-1)?.highWatermark]).toEqual([31n, 31n]);
  });

  it('fetches nothing before it is both told where and resumed', async () => {
    const topic = await broker().topic(2);
    const [early, late] = [await write(topic, ['a', 'b'], 0), await write(topic, ['c'], 1)];
    const reader = member();
    reader.startAt = undefined;
    await reader.join(group(), [topic], 2);
    reader.consumer.resume([early]);
    reader.consumer.seek(late, 0n);
    reader.consumer.seek(early, 1n); // resumed before: the seek alone starts it
    expect(await reader.reads(1)).toEqual(['b']);
    reader.consumer.resume([late]);
    expect(await reader.reads(2)).toEqual(['b', 'c']);
  });

  it('pauses at once, and goes on where it was', async () => {
    const topic = await broker().topic(1);
    const at = await write(topic, ['a']);
    const reader = member();
    reader.onBatch = () => reader.consumer.pause([at]);
    await reader.join(group(), [topic], 1);
    await reader.reads(1);
    await write(topic, ['b']);
    await write(topic, ['c']);
    expect(reader.batches).toHaveLength(1);
    for (const count of [2, 3]) {
      if (reader.values.length >= count) break; // both came in one fetch
      reader.consumer.resume([at]);
      await reader.reads(count);
    }
    expect(reader.values).toEqual(['a', 'b', 'c']);
  });

  it('reads on from where a seek says, also backwards', async () => {
    const topic = await broker().topic(1);
    const at = await write(topic, numbers(0, 10));
    const reader = member();
    await reader.join(group(), [topic], 1);
    await reader.reads(10);
    for (const offset of [7n, 2n]) {
      const before = reader.batches.length;
      reader.consumer.seek(at, offset);
      await eventually(
        async () => reader.batches[before]?.fetchedOffset,
        (found) => found === offset,
        'a batch from there',
      );
      expect(reader.batches[before]?.records[0]?.offset).toBe(offset);
    }
  });

  it('says that a position is out of range, and waits for another', async () => {
    const topic = await broker().topic(1);
    const at = await write(topic, ['a', 'b']);
    const reader = member();
    reader.startAt = 99n;
    await reader.join(group(), [topic], 1);
    await eventually(
      async () => reader.lost,
      ({ length }) => length > 0,
      'the loss',
    );
    expect([reader.lost[0], reader.batches]).toEqual([at, []]);
    reader.consumer.seek(at, 1n);
    reader.consumer.resume([at]);
    expect(await reader.reads(1)).toEqual(['b']);
  });

  it('shares partitions among those who asked for their topic, after their owners have let go of them', async () => {
    const [common, extra] = [await broker().topic(4), await broker().topic(2)];
    const [older, newer, name] = [member(), member(), group()];
    let letGo = (): void => undefined;
    await older.join(name, [common], 4);
    older.letGo = () => new Promise((resolve) => (letGo = resolve));
    const joined = newer.join(name, [common, extra], 4);
    await eventually(
      async () => older.log,
      (log) => log.includes('revoked'),
      'the rebalance',
    );
    older.letGo = async () => undefined;
    letGo();
    await Promise.all([joined, older.holds(2)]);
    expect(older.log.slice(0, 4)).toEqual(['assigned', 'revoked', 'let go', 'assigned']);
    expect(older.held.every(({ topic }) => topic === common)).toBe(true);
    expect(newer.held.filter(({ topic }) => topic === extra)).toHaveLength(2);
    await newer.consumer.stop();
    await older.holds(4);
  });

  it('stops once, however often it is told, and hands out nothing afterwards', async () => {
    const topic = await broker().topic(1);
    const reader = member();
    await reader.join(group(), [topic], 1);
    await Promise.all([reader.consumer.stop(), reader.consumer.stop()]);
    await write(topic, ['late']);
    const other = member();
    await other.join(group(), [topic], 1);
    await other.reads(1);
    expect([reader.values, reader.log.filter((line) => line.startsWith('crashed'))]).toEqual([[], []]);
  });
}
