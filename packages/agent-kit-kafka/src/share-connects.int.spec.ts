import { openSockets } from '../test/group-members.js';
import { makeTopic, testConnection, uniqueName, until } from '../test/kafka.js';
import { ClusterClient } from './inspect/cluster-client.js';

describe('shareConnects', () => {
  it('opens one connection for requests that need it at the same time', async () => {
    const connection = await testConnection();
    const topic = await makeTopic(connection, uniqueName('connects'), 1);
    await until(() => openSockets() === 0, 'a process without sockets');
    const client = new ClusterClient(connection);
    await client.use(async (cluster) => {
      await cluster.addTargetTopic(topic);
      const [leader = ''] = Object.keys(cluster.findLeaderForPartitions(topic, [0]));
      const broker = await cluster.findBroker({ nodeId: leader });
      const before = openSockets();
      const partitions = [{ partition: 0, fetchOffset: '0', maxBytes: 1_000 }];
      const fetch = { maxWaitTime: 1, minBytes: 1, maxBytes: 1_000, isolationLevel: 1, rackId: '' };
      // Fetches have a connection of their own, which nothing has needed so far.
      await Promise.all(
        Array.from({ length: 5 }, () => broker.fetch({ ...fetch, topics: [{ topic, partitions }] })),
      );
      expect(openSockets()).toBe(before + 1);
    });
    await client.close();
    await until(() => openSockets() === 0, 'every socket to be closed');
  });
});
