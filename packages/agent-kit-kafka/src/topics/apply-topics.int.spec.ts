import type { TopicSpec } from '@signalbox/contracts';
import { ConfigResourceTypes } from 'kafkajs';
import { at, makeTopic, testConnection, uniqueName, withAdmin } from '../../test/kafka.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { createProducer } from '../producer/create-producer.js';
import { applyTopics, listTopics } from './apply-topics.js';

let connection: KafkaConnectionOptions;

beforeAll(async () => {
  connection = await testConnection();
});

const spec = (topic: string): TopicSpec => ({ topic, retentionMs: 3_600_000, maxMessageBytes: 500_000 });

async function configOf(topic: string): Promise<Map<string, string>> {
  const { resources } = await withAdmin(connection, (admin) =>
    admin.use((client) =>
      client.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
      }),
    ),
  );
  return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
}

describe('applyTopics', () => {
  it('creates what is missing, with its settings, and does nothing the second time', async () => {
    const specs = [spec(uniqueName('apply')), spec(uniqueName('apply'))];
    const options = { partitions: 3, replication: 1, minInsync: 1 };
    const first = await applyTopics(connection, specs, options);
    expect(first.created).toEqual(specs.map(({ topic }) => topic));
    const second = await applyTopics(connection, specs, options);
    expect(second).toEqual({ created: [], grown: [], configChanged: [], partitionsDiffer: [] });

    const config = await configOf(specs[0]?.topic ?? '');
    expect(config.get('retention.ms')).toBe('3600000');
    expect(config.get('max.message.bytes')).toBe('500000');
    expect(await listTopics(connection)).toEqual(expect.arrayContaining(specs.map(({ topic }) => topic)));
  });

  it('lets records in whose sender has a clock that is days ahead, and none that claim a far future', async () => {
    const one = spec(uniqueName('ahead'));
    await applyTopics(connection, [one], { partitions: 1, replication: 1 });
    const producer = createProducer(connection);
    const written = (timestampMs: number) =>
      producer.send(at(one.topic), [{ key: null, value: Buffer.from('1'), headers: {}, timestampMs }]);
    const dayMs = 86_400_000;
    try {
      await written(Date.now() + 2 * dayMs);
      await expect(written(Date.now() + 30 * dayMs)).rejects.toMatchObject({ code: 'broker_refused' });
    } finally {
      await producer.close();
    }
  });

  it('corrects settings that drifted and leaves others as they are', async () => {
    const topic = await makeTopic(connection, uniqueName('drift'), 1, {
      'retention.ms': '5',
      'segment.ms': '777777',
    });
    const report = await applyTopics(connection, [spec(topic)], { partitions: 1, replication: 1 });
    expect(report.configChanged).toContainEqual({ topic, name: 'retention.ms', from: '5', to: '3600000' });
    const config = await configOf(topic);
    expect(config.get('retention.ms')).toBe('3600000');
    expect(config.get('segment.ms')).toBe('777777');
  });

  it('reports another number of partitions, raises it only when told, and never lowers it', async () => {
    const topic = await makeTopic(connection, uniqueName('grow'), 2);
    const more = { partitions: 4, replication: 1 };
    const reported = await applyTopics(connection, [spec(topic)], more);
    expect(reported.partitionsDiffer).toEqual([{ topic, has: 2, wanted: 4 }]);
    const grown = await applyTopics(connection, [spec(topic)], { ...more, growPartitions: true });
    expect(grown.grown).toEqual([{ topic, from: 2, to: 4 }]);
    expect(grown.partitionsDiffer).toEqual([]);
    const fewer = await applyTopics(connection, [spec(topic)], {
      partitions: 1,
      replication: 1,
      growPartitions: true,
    });
    expect(fewer.partitionsDiffer).toEqual([{ topic, has: 4, wanted: 1 }]);
  });

  it('may run in several processes at once', async () => {
    const specs = Array.from({ length: 8 }, () => spec(uniqueName('race')));
    const options = { partitions: 2, replication: 1 };
    await Promise.all([1, 2, 3].map(() => applyTopics(connection, specs, options)));
    const after = await applyTopics(connection, specs, options);
    expect(after).toEqual({ created: [], grown: [], configChanged: [], partitionsDiffer: [] });
  });

  it('tells what is refused from what is not reachable', async () => {
    const one = [spec(uniqueName('refused'))];
    await expect(applyTopics(connection, one, { partitions: 1, replication: 5 })).rejects.toMatchObject({
      code: 'broker_refused',
      message: expect.stringContaining('INVALID_REPLICATION_FACTOR'),
    });
    const nowhere = { ...connection, route: () => ({ host: '127.0.0.1', port: 1 }) };
    await expect(applyTopics(nowhere, one, { partitions: 1, replication: 1 })).rejects.toMatchObject({
      code: 'broker_unavailable',
    });
    await expect(listTopics(nowhere)).rejects.toMatchObject({ code: 'broker_unavailable' });
  });
});
