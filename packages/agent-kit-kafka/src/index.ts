export type { BrokerAddress, KafkaConnectionOptions } from './connection.js';
export type { KafkaLogger } from './log-bridge.js';
export { createConsumer, type ConsumerOptions } from './consumer/create-consumer.js';
export { createProducer, type ProducerOptions } from './producer/create-producer.js';
export {
  applyTopics,
  listTopics,
  type ApplyTopicsOptions,
  type TopicsReport,
} from './topics/apply-topics.js';
export type { ConfigChange } from './topics/topic-config.js';
