import type { TestCluster } from '@signalbox/local-stack';
import { eventually } from '@signalbox/test-kit';
import { describeTopic, type PartitionPlace } from './kafka-tools.js';

const healMsMax = 120_000;

/** One fault: who led which partition, when it was killed and when all copies were in sync again. */
export interface LeaderKill {
  readonly partition: number;
  readonly broker: number;
  readonly killedAtMs: number;
  readonly healedAtMs: number;
}

/** kill -9 of the leader of a partition of `topic`, `times` times; each time the broker comes back on its data. */
export async function killLeaders(cluster: TestCluster, topic: string, times: number): Promise<LeaderKill[]> {
  const kills: LeaderKill[] = [];
  for (let n = 0; n < times; n += 1) {
    const places = await inSyncEverywhere(cluster, topic);
    const { partition, leader } = places[n % places.length] as PartitionPlace;
    const broker = cluster.brokers.find(({ id }) => id === leader);
    if (!broker) throw new Error(`no broker ${leader}`);
    await broker.kill();
    const killedAtMs = Date.now();
    const others = cluster.brokers.filter(({ running }) => running).map(({ address }) => address);
    await eventually(
      () => describeTopic(others, topic),
      (now) => now.every((place) => place.leader !== 0 && place.leader !== leader),
      'another leader',
      healMsMax,
    );
    await broker.start();
    await inSyncEverywhere(cluster, topic);
    kills.push({ partition, broker: leader, killedAtMs, healedAtMs: Date.now() });
  }
  return kills;
}

const inSyncEverywhere = (cluster: TestCluster, topic: string): Promise<PartitionPlace[]> =>
  eventually(
    () => describeTopic(cluster.addresses, topic),
    (places) => places.length > 0 && places.every(({ inSync }) => inSync.length === cluster.brokers.length),
    'every copy in sync',
    healMsMax,
  );
