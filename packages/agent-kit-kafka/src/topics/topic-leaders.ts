import { SignalboxError } from '@signalbox/errors';
import type { Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaErrorType } from '../kafkajs-errors.js';

const pollMs = 100;
/** What the broker says about a topic that is being made. */
const comingUp = new Set(['LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION', 'TypeError']);

/** Number of partitions of each topic. */
export async function partitionsOf(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  if (topics.length === 0) return new Map();
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}

/** Waits until each partition of the topics has a leader, and each topic at least `partitionsMin` partitions. */
export async function waitForLeaders(
  admin: Admin,
  topics: readonly string[],
  withinMs: number,
  partitionsMin = 1,
): Promise<void> {
  if (topics.length === 0) return;
  const untilMs = performance.now() + withinMs;
  while (performance.now() < untilMs) {
    const waiting = await withoutLeader(admin, topics, partitionsMin);
    if (waiting.length === 0) return;
    await sleep(pollMs);
  }
  const waiting = await withoutLeader(admin, topics, partitionsMin);
  if (waiting.length === 0) return;
  const names = waiting.slice(0, 5).join(', ');
  throw new SignalboxError('broker_unavailable', `Topics without a leader after ${withinMs} ms: ${names}.`);
}

async function withoutLeader(
  admin: Admin,
  topics: readonly string[],
  partitionsMin: number,
): Promise<string[]> {
  try {
    const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
    const ready = metadata.topics
      .filter(
        ({ partitions }) =>
          partitions.length >= partitionsMin && partitions.every(({ leader }) => leader >= 0),
      )
      .map(({ name }) => name);
    return topics.filter((topic) => !ready.includes(topic));
  } catch (error) {
    if (comingUp.has(kafkaErrorType(error))) return [...topics];
    throw error;
  }
}
