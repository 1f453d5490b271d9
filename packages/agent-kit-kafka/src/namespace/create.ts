import type { RecordConsumer, RecordProducer } from '@signalbox/agent-kit';
import type { TopicSpec } from '@signalbox/contracts';
import type { KafkaConnectionOptions } from '../connection.js';
import { createConsumer as createPlainConsumer, type ConsumerOptions } from '../consumer/create-consumer.js';
import { createInspector as createPlainInspector, type KafkaInspector } from '../inspect/create-inspector.js';
import type { KafkaLogger } from '../log-bridge.js';
import { createProducer as createPlainProducer, type ProducerOptions } from '../producer/create-producer.js';
import {
  applyTopics as applyPlainTopics,
  listTopics as listPlainTopics,
  type ApplyTopicsOptions,
  type TopicsReport,
} from '../topics/apply-topics.js';
import { consumerIn, inspectorIn, producerIn } from './in-namespace.js';
import { createNamespace } from './namespace.js';

/** A connection and, where several installations share a cluster, the prefix of this one's topics and groups. */
export interface NamespacedConnection extends KafkaConnectionOptions {
  /** 1 to 32 lower-case letters, digits and `-`; left out: names are as they are. */
  readonly namespace?: string;
}

const spaceOf = ({ namespace }: NamespacedConnection) => createNamespace(namespace);

/** A producer (see `RecordProducer`); connects with `connect` or its first question. */
export function createProducer(connection: NamespacedConnection, options?: ProducerOptions): RecordProducer {
  return producerIn(spaceOf(connection), createPlainProducer(connection, options));
}

/** A member of a consumer group (see `RecordConsumer`); joins with `start`. */
export function createConsumer(connection: NamespacedConnection, options?: ConsumerOptions): RecordConsumer {
  return consumerIn(spaceOf(connection), createPlainConsumer(connection, options));
}

/** An inspector; connects with its first question. All its methods reject with `broker_unavailable`. */
export function createInspector(connection: NamespacedConnection, logger?: KafkaLogger): KafkaInspector {
  return inspectorIn(spaceOf(connection), createPlainInspector(connection, logger));
}

/** Makes the topics be as the specs say (see `ApplyTopicsOptions`); reports names without the namespace. */
export async function applyTopics(
  connection: NamespacedConnection,
  specs: readonly TopicSpec[],
  options: ApplyTopicsOptions,
): Promise<TopicsReport> {
  const { toWire, fromWire } = spaceOf(connection);
  const wireSpecs = specs.map((spec) => ({ ...spec, topic: toWire(spec.topic) }));
  const report = await applyPlainTopics(connection, wireSpecs, options);
  const named = <T extends { readonly topic: string }>(rows: readonly T[]): T[] =>
    rows.map((row) => ({ ...row, topic: fromWire(row.topic) }));
  return {
    created: report.created.map(fromWire),
    grown: named(report.grown),
    configChanged: named(report.configChanged),
    partitionsDiffer: named(report.partitionsDiffer),
  };
}

/** Names of this installation's topics, Kafka's own left out, sorted. Rejects with `broker_unavailable`. */
export async function listTopics(connection: NamespacedConnection, logger?: KafkaLogger): Promise<string[]> {
  const space = spaceOf(connection);
  return (await listPlainTopics(connection, logger)).filter(space.owns).map(space.fromWire);
}
