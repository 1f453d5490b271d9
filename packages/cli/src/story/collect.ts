import type { KafkaInspector, TopicRecord } from '@signalbox/agent-kit-kafka';
import {
  agentActivity,
  catalogue,
  decodeEvent,
  webhookReceived,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import type { SeenDecision, SeenEvent, SeenWebhook, StoryMaterial } from './model.js';

/** The part of the inspector a story needs. */
export type TopicSource = Pick<KafkaInspector, 'readTopic'>;

export interface CollectOptions {
  /** Topics that exist; those without a contract are read when they end in `.internal`. */
  readonly topics: readonly string[];
  /** Records before this time are not read, milliseconds since 1970. */
  readonly fromTimeMs: number;
}

type Webhook = DataOf<typeof webhookReceived>;
type Activity = DataOf<typeof agentActivity>;

/**
 * Finds everything about a story, by its correlation id or by the id of any event in it. Undefined when the topics hold
 * neither since `fromTimeMs`.
 */
export async function collectStory(
  source: TopicSource,
  id: string,
  options: CollectOptions,
): Promise<StoryMaterial | undefined> {
  const first = await collectOnce(source, id, options);
  if (!isEmpty(first.material)) return first.material;
  if (first.correlationId === undefined) return undefined;
  return (await collectOnce(source, first.correlationId, options)).material;
}

const isEmpty = ({ events, webhooks, decisions }: StoryMaterial): boolean =>
  events.length + webhooks.length + decisions.length === 0;

interface Found {
  readonly material: StoryMaterial;
  /** The story of the event with this id, where the id is an event's and not a story's. */
  readonly correlationId: string | undefined;
}

async function collectOnce(source: TopicSource, id: string, options: CollectOptions): Promise<Found> {
  let correlationId: string | undefined;
  const events: SeenEvent[] = [];
  for (const topic of eventTopics(options.topics)) {
    for await (const { record, event } of readEvents(source, topic, options.fromTimeMs, id)) {
      if (event.metadata.correlation_id === id) events.push({ event, topic, atMs: record.timestampMs });
      else if (event.event_id === id) correlationId ??= event.metadata.correlation_id;
    }
  }
  const eventIds = new Set(events.map(({ event }) => event.event_id));
  const webhooks: SeenWebhook[] = [];
  if (options.topics.includes(webhookReceived.topic)) {
    for await (const { event } of readEvents(source, webhookReceived.topic, options.fromTimeMs, id)) {
      const data = event.data as Webhook;
      if (data.correlation_id === id || eventIds.has(data.event_id ?? '')) webhooks.push(seenWebhook(data));
      else if (data.event_id === id) correlationId ??= data.correlation_id;
    }
  }
  const decisions: SeenDecision[] = [];
  if (options.topics.includes(agentActivity.topic)) {
    for await (const { event } of readEvents(source, agentActivity.topic, options.fromTimeMs)) {
      const { agent, at, entries } = event.data as Activity;
      for (const entry of entries) {
        const isOurs =
          entry.correlation_id === undefined ? eventIds.has(entry.event_id) : entry.correlation_id === id;
        if (isOurs) decisions.push({ agent, entry, atMs: Date.parse(at) });
        else if (entry.event_id === id) correlationId ??= entry.correlation_id;
      }
    }
  }
  return { material: { correlationId: id, webhooks, events, decisions }, correlationId };
}

function eventTopics(topics: readonly string[]): string[] {
  const known = new Set(
    [...catalogue.values()].filter(({ kind }) => kind !== 'platform').map(({ topic }) => topic),
  );
  return topics.filter((topic) => known.has(topic) || topic.endsWith('.internal'));
}

/** An id whose bytes stand in JSON as they are, whoever wrote it. */
const plainId = /^[A-Za-z0-9._:-]+$/;

/** The events of a topic; with `mentioning`, records that do not hold that text are passed over without decoding. */
export async function* readEvents(
  source: TopicSource,
  topic: string,
  fromTimeMs: number,
  mentioning?: string,
): AsyncGenerator<{ readonly record: TopicRecord; readonly event: EventEnvelope }> {
  const needle = mentioning !== undefined && plainId.test(mentioning) ? Buffer.from(mentioning) : undefined;
  for await (const record of source.readTopic(topic, { fromTimeMs })) {
    if (needle && !mentions(record, needle)) continue;
    const event = decodeOrSkip(record);
    if (event) yield { record, event };
  }
}

/** The ids of a binary CloudEvent stand in its headers, so these are looked through as well. */
function mentions({ value, headers }: TopicRecord, needle: Buffer): boolean {
  return value?.includes(needle) === true || Object.values(headers).some((header) => header.includes(needle));
}

/** What is no event is in no story; `tail` shows it. */
function decodeOrSkip(record: TopicRecord): EventEnvelope | undefined {
  try {
    return decodeEvent(record);
  } catch {
    return undefined;
  }
}

export function seenWebhook(data: Webhook): SeenWebhook {
  return {
    webhookId: data.webhook_id,
    source: data.source,
    path: data.path,
    verdict: data.verdict,
    status: data.status,
    ...(data.reason === undefined ? {} : { reason: data.reason }),
    ...(data.event_id === undefined ? {} : { eventId: data.event_id }),
    atMs: Date.parse(data.received_at),
  };
}
