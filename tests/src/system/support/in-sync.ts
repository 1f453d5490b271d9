import type { TestCluster } from '@signalbox/local-stack';
import { eventually } from '@signalbox/test-kit';
import { describeTopic, type PartitionPlace } from './kafka-tools.js';

const healMsMax = 120_000;

/** The places of a topic's partitions once every copy is up to date. */
export const inSyncEverywhere = (cluster: TestCluster, topic: string): Promise<PartitionPlace[]> =>
  eventually(
    () => describeTopic(cluster.addresses, topic),
    (places) => places.length > 0 && places.every(({ inSync }) => inSync.length === cluster.brokers.length),
    'every copy in sync',
    healMsMax,
  );
