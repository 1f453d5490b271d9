import { SignalboxError } from '@signalbox/errors';
import type { TopicSpec } from '@signalbox/contracts';
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import { AdminClient } from '../admin-client.js';
import type { KafkaConnectionOptions } from '../connection.js';
import { kafkaErrorText, rootCause } from '../kafkajs-errors.js';
import type { KafkaLogger } from '../log-bridge.js';
import { configDrift, wantedConfig, type ConfigChange } from './topic-config.js';
import { partitionsOf, waitForLeaders } from './topic-leaders.js';

export interface ApplyTopicsOptions {
  /** Partitions of a new topic, at least 1. */
  readonly partitions: number;
  /** Copies of each partition, at least 1. */
  readonly replication: number;
  /** Copies that must have a record before it is acknowledged; left out: the broker's default. */
  readonly minInsync?: number;
  /** Raise the partitions of topics that have fewer: keys move, order across the change is lost. Default false. */
  readonly growPartitions?: boolean;
  /** Longest wait for the leaders of all partitions, in milliseconds. Default 30,000. */
  readonly leadersWithinMs?: number;
  readonly logger?: KafkaLogger;
}

export interface TopicsReport {
  readonly created: readonly string[];
  readonly grown: readonly { topic: string; from: number; to: number }[];
  readonly configChanged: readonly ConfigChange[];
  /** Left as they are: partitions are never lowered, and raised only when told. */
  readonly partitionsDiffer: readonly { topic: string; has: number; wanted: number }[];
}

const requestTimeoutMs = 15_000;

/**
 * Makes the topics be as the specs say: creates what is missing, corrects settings that drifted and leaves other
 * settings alone. Safe to run again and from several processes. Returns when every partition has a leader.
 * Rejects with `broker_refused` (a right or a limit) or `broker_unavailable`.
 */
export async function applyTopics(
  connection: KafkaConnectionOptions,
  specs: readonly TopicSpec[],
  options: ApplyTopicsOptions,
): Promise<TopicsReport> {
  const client = new AdminClient(connection, options.logger);
  try {
    return await client.use((admin) => apply(admin, specs, options));
  } catch (error) {
    throw topicsError(error);
  } finally {
    await client.close();
  }
}

/** Names of all topics, Kafka's own (`__…`) left out, sorted. Rejects with `broker_unavailable`. */
export async function listTopics(
  connection: KafkaConnectionOptions,
  logger?: KafkaLogger,
): Promise<string[]> {
  const client = new AdminClient(connection, logger);
  try {
    const names = await client.use((admin) => admin.listTopics());
    return names.filter((name) => !name.startsWith('__')).sort();
  } catch (error) {
    throw topicsError(error);
  } finally {
    await client.close();
  }
}

async function apply(
  admin: Admin,
  specs: readonly TopicSpec[],
  options: ApplyTopicsOptions,
): Promise<TopicsReport> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ topic }) => !existing.has(topic));
  const present = specs.filter(({ topic }) => existing.has(topic));
  await createMissing(admin, missing, options);
  await waitForLeaders(
    admin,
    specs.map(({ topic }) => topic),
    options.leadersWithinMs ?? 30_000,
  );
  const configChanged = await correctConfig(admin, present, options);
  const { grown, partitionsDiffer } = await growPartitions(admin, present, options);
  return { created: missing.map(({ topic }) => topic), grown, configChanged, partitionsDiffer };
}

async function createMissing(
  admin: Admin,
  specs: readonly TopicSpec[],
  options: ApplyTopicsOptions,
): Promise<void> {
  if (specs.length === 0) return;
  const topics = specs.map((spec) => ({
    topic: spec.topic,
    numPartitions: options.partitions,
    replicationFactor: options.replication,
    configEntries: Object.entries(wantedConfig(spec, options.minInsync)).map(([name, value]) => ({
      name,
      value,
    })),
  }));
  try {
    await admin.createTopics({ topics, timeout: requestTimeoutMs, waitForLeaders: false });
  } catch (error) {
    // Another process may create the same topics at the same time.
    const errors = (rootCause(error) as { errors?: { type?: string }[] }).errors ?? [];
    if (errors.length > 0 && errors.every(({ type }) => type === 'TOPIC_ALREADY_EXISTS')) return;
    throw errors.find(({ type }) => type !== 'TOPIC_ALREADY_EXISTS') ?? error;
  }
}

async function correctConfig(
  admin: Admin,
  specs: readonly TopicSpec[],
  options: ApplyTopicsOptions,
): Promise<ConfigChange[]> {
  if (specs.length === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ topic }) => ({ type: ConfigResourceTypes.TOPIC, name: topic })),
  });
  const drifts = specs.map((spec) => {
    const entries = resources.find(({ resourceName }) => resourceName === spec.topic)?.configEntries ?? [];
    return configDrift(spec.topic, entries, wantedConfig(spec, options.minInsync));
  });
  const drifted = drifts.filter(({ changes }) => changes.length > 0);
  if (drifted.length > 0) {
    await admin.alterConfigs({
      validateOnly: false,
      resources: drifted.map(({ topic, complete }) => ({
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: Object.entries(complete).map(([name, value]) => ({ name, value })),
      })),
    });
  }
  return drifted.flatMap(({ changes }) => changes);
}

async function growPartitions(admin: Admin, specs: readonly TopicSpec[], options: ApplyTopicsOptions) {
  const counts = await partitionsOf(
    admin,
    specs.map(({ topic }) => topic),
  );
  const differing = [...counts]
    .filter(([, has]) => has !== options.partitions)
    .map(([topic, has]) => ({ topic, has, wanted: options.partitions }));
  const growing = options.growPartitions ? differing.filter(({ has, wanted }) => has < wanted) : [];
  if (growing.length > 0) {
    await admin.createPartitions({
      timeout: requestTimeoutMs,
      topicPartitions: growing.map(({ topic, wanted }) => ({ topic, count: wanted })),
    });
    await waitForLeaders(
      admin,
      growing.map(({ topic }) => topic),
      options.leadersWithinMs ?? 30_000,
      options.partitions,
    );
  }
  return {
    grown: growing.map(({ topic, has, wanted }) => ({ topic, from: has, to: wanted })),
    partitionsDiffer: differing.filter((entry) => !growing.includes(entry)),
  };
}

const refusals = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_CONFIG',
  'INVALID_REQUEST',
  'POLICY_VIOLATION',
]);

function topicsError(error: unknown): SignalboxError {
  if (error instanceof SignalboxError) return error;
  const type = (rootCause(error) as { type?: string } | undefined)?.type ?? '';
  const code = refusals.has(type) ? 'broker_refused' : 'broker_unavailable';
  return new SignalboxError(code, `The topics could not be read or made: ${kafkaErrorText(error)}.`, {
    cause: error,
  });
}
