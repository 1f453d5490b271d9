import { FaultProxy } from '../../test/fault-proxy.js';
import { makeTopic, testConnection, uniqueName, until, withAdmin } from '../../test/kafka.js';
import { AdminClient } from '../admin-client.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { PartitionCounts } from './partition-counts.js';

const METADATA = 3;
let connection: KafkaConnectionOptions;
let proxy: FaultProxy;
let admin: AdminClient;
let nowMs = 0;
let questions = 0;

beforeEach(async () => {
  connection = await testConnection();
  proxy = new FaultProxy(connection);
  questions = 0;
  proxy.onRequest = (apiKey) => {
    if (apiKey === METADATA) questions += 1;
  };
  admin = new AdminClient(await proxy.connection());
});

afterEach(async () => {
  await admin.close();
  await proxy.close();
});

describe('PartitionCounts', () => {
  it('asks once for callers at the same time, then answers from memory', async () => {
    const topic = await makeTopic(connection, uniqueName('counts'), 3);
    const counts = new PartitionCounts(admin, () => nowMs);
    expect(await Promise.all([counts.get(topic), counts.get(topic)])).toEqual([3, 3]);
    const asked = questions;
    for (let n = 0; n < 100; n += 1) await counts.get(topic);
    expect(questions).toBe(asked);
  });

  it('asks about many topics in one request, and about each alone when one of them is unknown', async () => {
    const topics = await Promise.all(
      [1, 2, 3, 4].map((count) => makeTopic(connection, uniqueName('many'), count)),
    );
    const counts = new PartitionCounts(admin, () => nowMs);
    await counts.get(await makeTopic(connection, uniqueName('counts')));
    const ofOne = questions;
    expect(await Promise.all(topics.map((topic) => counts.get(topic)))).toEqual([1, 2, 3, 4]);
    expect(questions - ofOne).toBeLessThanOrEqual(ofOne);

    const others = new PartitionCounts(admin, () => nowMs);
    const asked = [uniqueName('missing'), ...topics].map((topic) => others.get(topic).catch(() => 'unknown'));
    expect(await Promise.all(asked)).toEqual(['unknown', 1, 2, 3, 4]);
  });

  it('notices added partitions after a minute, without making anybody wait', async () => {
    const topic = await makeTopic(connection, uniqueName('counts'), 1);
    const counts = new PartitionCounts(admin, () => nowMs);
    await counts.get(topic);
    await withAdmin(connection, (client) =>
      client.use((open) => open.createPartitions({ topicPartitions: [{ topic, count: 4 }] })),
    );
    expect(await counts.get(topic)).toBe(1);
    nowMs += 60_001;
    expect(await counts.get(topic)).toBe(1);
    await until(async () => (await counts.get(topic)) === 4, 'the new count');
  });

  it('keeps what it knows while the broker is away, and says so for what it does not know', async () => {
    const topic = await makeTopic(connection, uniqueName('counts'), 2);
    const counts = new PartitionCounts(admin, () => nowMs);
    await counts.get(topic);
    proxy.goDown();
    nowMs += 60_001;
    expect(await counts.get(topic)).toBe(2);
    await expect(counts.get(uniqueName('other'))).rejects.toMatchObject({ code: 'broker_unavailable' });
    expect(await counts.get(topic)).toBe(2);
    proxy.comeBack();
    expect(await counts.get(await makeTopic(connection, uniqueName('counts'), 5))).toBe(5);
  });
});
