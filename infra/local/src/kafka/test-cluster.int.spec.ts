import { kafkaTool } from '../testing/kafka-tool.js';
import { clusterProperties, testCluster, type TestCluster } from './test-cluster.js';
import { kafkaServes } from './probe.js';

describe('a cluster for one test', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await testCluster(3);
  }, 120_000);
  afterAll(() => cluster?.stop());

  it('has three copies, keeps serving without one broker, and takes it in again', async () => {
    const [first, second] = cluster.brokers;
    await kafkaTool('org.apache.kafka.tools.TopicCommand', [
      ...['--bootstrap-server', cluster.addresses.join(','), '--create', '--topic', 'kept'],
    ]);
    await first?.kill();
    expect(cluster.brokers.map(({ running }) => running)).toEqual([false, true, true]);
    expect(await kafkaServes(Number(second?.address.split(':')[1]))).toBe(true);
    await first?.start();
    const described = await kafkaTool('org.apache.kafka.tools.TopicCommand', [
      ...['--bootstrap-server', first?.address ?? '', '--describe', '--topic', 'kept'],
    ]);
    expect(described).toMatch(/ReplicationFactor: 3.*min\.insync\.replicas=2/s);
  }, 120_000);

  it('of one broker asks for one copy', () => {
    expect(clusterProperties(1, '1@127.0.0.1:1', 1)).toMatchObject({
      'default.replication.factor': 1,
      'min.insync.replicas': 1,
    });
  });
});
