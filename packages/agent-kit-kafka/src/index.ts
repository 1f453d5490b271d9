// First of all: it takes the place of a part of kafkajs before that is loaded.
import './producer/group-messages.js';
export type { BrokerAddress } from './broker-address.js';
export type { KafkaConnectionOptions } from './connection.js';
export type { ConsumerOptions } from './consumer/create-consumer.js';
export type { KafkaInspector } from './inspect/create-inspector.js';
export type { ReadOptions, TailOptions, TopicRecord } from './inspect/read-topic.js';
export type { KafkaLogger } from './log-bridge.js';
export { partitionOf } from '@signalbox/agent-kit';
export {
  applyTopics,
  createConsumer,
  createInspector,
  createProducer,
  listTopics,
  type NamespacedConnection,
} from './namespace/create.js';
export type { ProducerOptions } from './producer/create-producer.js';
export type { ApplyTopicsOptions, TopicsReport } from './topics/apply-topics.js';
export type { ConfigChange } from './topics/topic-config.js';
