import type { TopicPartition } from '@signalbox/agent-kit';
import type { KafkaLogEntry } from '../log-bridge.js';

/**
 * kafkajs 2.2.4 answers "offset out of range" by moving to the start of the log; the only trace is this line of its log
 * (pitfall 8). Gives the partition it speaks of. Should the text ever differ, the positions still catch the jump, only
 * later: with the first batch fetched from a place we did not ask for.
 */
export function outOfRangeIn({ namespace, log }: KafkaLogEntry): TopicPartition | undefined {
  if (namespace !== 'ConsumerGroup' || !log.message.startsWith('Offset out of range, resetting'))
    return undefined;
  const { topic, partition } = log as { topic?: unknown; partition?: unknown };
  return typeof topic === 'string' && typeof partition === 'number' ? { topic, partition } : undefined;
}
