import { kafkaErrorType, rootCause } from '../kafkajs-errors.js';

/** What no new attempt cures: a right, a setting, or another kind of consumer in the same group. */
const hopeless = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'KafkaJSSASLAuthenticationError',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'GROUP_MAX_SIZE_REACHED',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_VERSION',
  'KafkaJSNotImplemented',
  'KafkaJSServerDoesNotSupportApiKey',
]);

const programErrors = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);
const programErrorsMax = 5;
const retryDelayMsFirst = 500;
const retryDelayMsMax = 10_000;

/**
 * What to do when kafkajs gave up: `afterMs` = start a new client then, `end` = tell the owner. kafkajs itself ends for
 * good over a coordinator that moves, and lives on without consuming after a TypeError (pitfall 4).
 */
export function afterCrash(
  error: unknown,
  crashesInRow: number,
  random: () => number,
): { afterMs: number } | 'end' {
  const type = kafkaErrorType(error);
  if (hopeless.has(type)) return 'end';
  const root = rootCause(error);
  if (root instanceof Error && programErrors.has(root.name) && crashesInRow > programErrorsMax) return 'end';
  const delayMs = Math.min(retryDelayMsFirst * 2 ** (crashesInRow - 1), retryDelayMsMax);
  return { afterMs: Math.round(delayMs * (0.5 + random() / 2)) };
}
