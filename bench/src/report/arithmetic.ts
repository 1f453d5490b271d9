import type { BenchResult, SideResult } from '../harness/result.js';
import { table } from './result-section.js';

/** What is assumed of a cluster; everything else comes from the measured results. */
export const cluster = {
  brokers: 3,
  replication: 3,
  agentProcesses: 20,
  /** A process uses one core at most: JavaScript runs on one thread. */
  coreSharePerProcess: 0.8,
  partitionsPerTopic: 24,
  /** A commit waits for the disk: measured fsync of common SSDs with power-loss protection, in milliseconds. */
  commitMs: 2,
  eventsPerChunkMax: 500,
  /** CPU of PostgreSQL and of Kafka for an event of an agent, in microseconds: see "What the profiles show" of the page. */
  databaseUsPerEvent: 68,
  brokerUsPerEvent: 29,
  coresOfDatabase: 16,
  coresOfBroker: 4,
  connectionsPerProcess: 8,
  connectionsMax: 400,
} as const;

const ours = (result: BenchResult | undefined): SideResult | undefined =>
  result?.sides.find(({ role }) => role === 'ours');

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

type Row = readonly [limit: string, how: string, carries: string];

/** Events a second of some cores at a cost in microseconds. */
const perSecond = (cores: number, us: number): number => (cores * cluster.coreSharePerProcess * 1e6) / us;
const ofProcess = (cpuSecondsPer1000: number): number => perSecond(1, cpuSecondsPer1000 * 1_000);

/**
 * What a cluster should carry, from the CPU that an event was measured to cost, and where each other limit lies. It is
 * arithmetic, not a measurement: the page says so.
 */
export function arithmetic(results: ReadonlyMap<string, BenchResult>): string {
  const agentCpu = ours(results.get('agent'))?.cpuSecondsPer1000;
  const gatewayCpu = ours(results.get('gateway'))?.cpuSecondsPer1000;
  if (!agentCpu || !gatewayCpu) return 'The benches `agent` and `gateway` have no result yet.';
  return table(
    ['limit', 'how it comes about', 'carries'],
    [...cpuRows(agentCpu, gatewayCpu), ...otherRows(gatewayCpu)],
  );
}

function cpuRows(agentCpu: number, gatewayCpu: number): Row[] {
  const { agentProcesses, coreSharePerProcess } = cluster;
  return [
    [
      'CPU of one gateway process',
      `1,000 / ${gatewayCpu} CPU s × ${coreSharePerProcess} of a core`,
      `${whole(ofProcess(gatewayCpu))} webhooks/s`,
    ],
    [
      'CPU of one agent process',
      `1,000 / ${agentCpu} CPU s × ${coreSharePerProcess} of a core`,
      `${whole(ofProcess(agentCpu))} events/s`,
    ],
    [
      `${agentProcesses} agent processes, one group`,
      `the same × ${agentProcesses}, while there are as many partitions`,
      `${whole(ofProcess(agentCpu) * agentProcesses)} events/s`,
    ],
    [
      'CPU of one PostgreSQL',
      `${cluster.coresOfDatabase} cores × ${coreSharePerProcess}, ${cluster.databaseUsPerEvent} µs an event; every agent may have a database of its own`,
      `${whole(perSecond(cluster.coresOfDatabase, cluster.databaseUsPerEvent))} events/s of all agents in it`,
    ],
    [
      'CPU of the brokers',
      `${cluster.brokers} × ${cluster.coresOfBroker} cores × ${coreSharePerProcess}, ${cluster.brokerUsPerEvent} µs an event on each of ${cluster.replication} replicas`,
      `${whole(perSecond(cluster.brokers * cluster.coresOfBroker, cluster.brokerUsPerEvent * cluster.replication))} events/s of all agents`,
    ],
  ];
}

function otherRows(gatewayCpu: number): Row[] {
  const { partitionsPerTopic, commitMs, eventsPerChunkMax } = cluster;
  const commits = 1_000 / commitMs;
  return [
    [
      'Commits of one partition',
      `one chunk of at most ${eventsPerChunkMax} events a commit of ${commitMs} ms`,
      `${whole(commits * eventsPerChunkMax)} events/s when there is a backlog`,
    ],
    [
      'Commits, events coming one by one',
      `each a chunk of its own; partitions commit side by side (× ${partitionsPerTopic})`,
      `${whole(commits)} chunks/s a partition, ${whole(commits * partitionsPerTopic)} in all`,
    ],
    [
      'A hot key',
      'all its events are in one partition and take one lock after another',
      'one process: the CPU row, never more',
    ],
    [
      'Database connections',
      `${cluster.connectionsPerProcess} a process of max_connections ${cluster.connectionsMax}`,
      `${whole(cluster.connectionsMax / cluster.connectionsPerProcess)} processes a database`,
    ],
    [
      'Broker network',
      `every record is written ${cluster.replication} times and read once an agent group; two records of 1 kB a webhook`,
      `${whole((ofProcess(gatewayCpu) * 2 * cluster.replication) / 1_024)} MB/s for one gateway process, over ${cluster.brokers} brokers`,
    ],
  ];
}
