import { kafkaErrorText, kafkaErrorType } from '../kafkajs-errors.js';

/**
 * What one attempt to write a batch came to.
 * - `refused`: the broker will never take it; `scope` says whether one record may be the cause or the topic is.
 * - `unknown_topic`: metadata has no such topic or partition; may be new or just deleted.
 * - `unavailable`: try again; `ambiguous` says that the batch may have been written all the same.
 */
export type Outcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly scope: 'record' | 'topic'; readonly reason: string }
  | { readonly kind: 'unknown_topic'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly ambiguous: boolean; readonly reason: string };

const refusesRecord = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TIMESTAMP',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
]);

const refusesTopic = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'POLICY_VIOLATION',
  'INVALID_REQUIRED_ACKS',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

const unknownTopic = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
]);

/** Errors said before anything is appended. After all others the batch may be in the log. */
const neverWritten = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
  'BROKER_NOT_AVAILABLE',
  'KafkaJSBrokerNotFound',
  'KafkaJSLockTimeout',
  'SASL_AUTHENTICATION_FAILED',
  'KafkaJSSASLAuthenticationError',
]);

/** Sorts an error of `producer.send`. Wrong credentials count as unavailable: they are not the record's fault. */
export function outcomeOf(error: unknown): Outcome {
  const type = kafkaErrorType(error);
  const reason = kafkaErrorText(error);
  if (refusesRecord.has(type)) return { kind: 'refused', scope: 'record', reason };
  if (refusesTopic.has(type)) return { kind: 'refused', scope: 'topic', reason };
  if (unknownTopic.has(type)) return { kind: 'unknown_topic', reason };
  return { kind: 'unavailable', ambiguous: !neverWritten.has(type), reason };
}
