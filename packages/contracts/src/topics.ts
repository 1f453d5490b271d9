import { catalogue } from './catalogue.js';
import { deadLetterTopic, internalTopic, retryDelaysMs, retryTopic } from './contract.js';

const DAY_MS = 86_400_000;

/** What a topic must look like; partitions and replication are settings of the installation. */
export interface TopicSpec {
  readonly topic: string;
  readonly retentionMs: number;
  /** Largest record batch in bytes. */
  readonly maxMessageBytes: number;
}

/** Largest record of an event topic, in bytes. */
export const eventBytesMax = 1_048_576;
/** Dead letters carry the original and 64 KiB of headers. */
export const deadLetterBytesMax = eventBytesMax + 65_536;

/** The topics of the catalogue. */
export function catalogueTopics(): TopicSpec[] {
  return [...catalogue.values()].map(({ topic }) => ({
    topic,
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: eventBytesMax,
  }));
}

/** The topics an agent has for itself. */
export function agentTopics(agent: string): TopicSpec[] {
  const delays = Object.keys(retryDelaysMs) as (keyof typeof retryDelaysMs)[];
  return [
    { topic: internalTopic(agent), retentionMs: 7 * DAY_MS, maxMessageBytes: eventBytesMax },
    ...delays.map((delay) => ({
      topic: retryTopic(agent, delay),
      retentionMs: 7 * DAY_MS,
      maxMessageBytes: deadLetterBytesMax,
    })),
    { topic: deadLetterTopic(agent), retentionMs: 30 * DAY_MS, maxMessageBytes: deadLetterBytesMax },
  ];
}
