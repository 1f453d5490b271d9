import type { FetchedBatch } from '@signalbox/agent-kit';
import { at, record, testConnection, uniqueName, until } from '../../test/kafka.js';
import {
  applyTopics,
  createConsumer,
  createInspector,
  createProducer,
  listTopics,
  type NamespacedConnection,
} from './create.js';

const spec = { topic: 'lead.qualified', retentionMs: 3_600_000, maxMessageBytes: 1_000_000 };

/** An installation of its own on the shared broker. */
async function installation(): Promise<NamespacedConnection> {
  return { ...(await testConnection()), namespace: uniqueName('ns').replace('.', '-') };
}

describe('two installations on one cluster', () => {
  it('use the same names for topics and groups and never meet', async () => {
    const both = [await installation(), await installation()];
    for (const connection of both) {
      const report = await applyTopics(connection, [spec], { partitions: 1, replication: 1 });
      expect(report.created).toEqual([spec.topic]);
      expect(await listTopics(connection)).toEqual([spec.topic]);
    }
    for (const [n, connection] of both.entries()) {
      const producer = createProducer(connection);
      expect(await producer.partitionCount(spec.topic)).toBe(1);
      await producer.send(at(spec.topic), [record(`of ${n}`)]);
      expect(producer.inFlight).toBe(0);
      await producer.close();
    }
    for (const [n, connection] of both.entries()) {
      const batches = await firstBatches(connection);
      expect(batches.map(({ topic, records }) => [topic, records.map(({ value }) => String(value))])).toEqual(
        [[spec.topic, [`of ${n}`]]],
      );
    }
  });

  it('inspect under the plain name', async () => {
    const connection = await installation();
    await applyTopics(connection, [spec], { partitions: 1, replication: 1 });
    const producer = createProducer(connection);
    await producer.send(at(spec.topic), [{ ...record('a'), timestampMs: 1_000_000 }]);
    await producer.close();
    const inspector = createInspector(connection);
    expect(await inspector.offsets(spec.topic)).toEqual(new Map([[0, { low: 0n, end: 1n }]]));
    expect(await inspector.offsetAt(at(spec.topic), 1_000_001)).toBe(1n);
    expect((await inspector.recordAt(at(spec.topic), 0n))?.value).toEqual(Buffer.from('a'));
    const topics: string[] = [];
    for await (const { topic } of inspector.readTopic(spec.topic)) topics.push(topic);
    for await (const { topic } of inspector.tailTopic(spec.topic, { fromTimeMs: 0 })) {
      topics.push(topic);
      break;
    }
    expect(topics).toEqual([spec.topic, spec.topic]);
    await inspector.close();
  });

  it('report differences under the plain name', async () => {
    const connection = await installation();
    await applyTopics(connection, [spec], { partitions: 1, replication: 1 });
    const changed = { ...spec, retentionMs: 7_200_000 };
    const report = await applyTopics(connection, [changed], { partitions: 2, replication: 1 });
    expect(report.configChanged).toEqual([
      { topic: spec.topic, name: 'retention.ms', from: '3600000', to: '7200000' },
    ]);
    expect(report.partitionsDiffer).toEqual([{ topic: spec.topic, has: 1, wanted: 2 }]);
    const grown = await applyTopics(connection, [changed], {
      partitions: 2,
      replication: 1,
      growPartitions: true,
    });
    expect(grown.grown).toEqual([{ topic: spec.topic, from: 1, to: 2 }]);
  });
});

/** What a member of the group `reader` gets first. */
async function firstBatches(connection: NamespacedConnection): Promise<FetchedBatch[]> {
  const consumer = createConsumer(connection);
  const batches: FetchedBatch[] = [];
  const fetched = new Set<string>();
  await consumer.start('reader', [spec.topic], {
    onAssigned: (partitions) => {
      for (const place of partitions) {
        consumer.seek(place, 0n);
        consumer.resume([place]);
      }
    },
    onRevoked: () => Promise.resolve(),
    onBatch: (batch) => {
      batches.push(batch);
      consumer.pause([batch]);
    },
    onFetch: (partitions) => partitions.forEach(({ topic }) => fetched.add(topic)),
    onPositionLost: ({ topic }) => fetched.add(`lost ${topic}`),
    onCrash: (error) => fetched.add(error.message),
  });
  await until(() => batches.length > 0, 'a batch');
  await consumer.commitForTools([{ ...at(spec.topic), offset: 1n }]);
  await consumer.stop();
  expect([...fetched]).toEqual([spec.topic]);
  return batches;
}
