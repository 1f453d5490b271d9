import type { KafkaInspector } from '@signalbox/agent-kit-kafka';
import {
  agentActivity,
  catalogue,
  decodeEvent,
  internalTopic,
  type ActivityEntry,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import type { InputRecord } from './replay.js';
import { decisionId, type Outcome, type RecordedDecision } from './model.js';

/** What is needed of an inspector. */
export type RecordSource = Pick<KafkaInspector, 'readTopic'>;

const outcomes: Readonly<Partial<Record<ActivityEntry['outcome'], Outcome>>> = {
  handled: 'handled',
  fired: 'fired',
  skipped: 'skipped',
  failed: 'failed',
  dead_lettered: 'failed',
};

/** Production's last decision on each event, in the order they were made. */
export async function recordedDecisions(source: RecordSource, agent: string): Promise<RecordedDecision[]> {
  const last = new Map<string, RecordedDecision>();
  let sequence = 0;
  for await (const record of source.readTopic(agentActivity.topic)) {
    const event = decodedOrNothing(record);
    if (event?.event_type !== agentActivity.type) continue;
    const data = event.data as DataOf<typeof agentActivity>;
    if (data.agent !== agent) continue;
    for (const entry of data.entries) {
      const decision = decisionOf(entry, Date.parse(data.at), (sequence += 1));
      if (!decision) continue;
      // The map keeps the place of the first try; the last word is what counts.
      last.delete(decisionId(decision));
      last.set(decisionId(decision), decision);
    }
  }
  return [...last.values()];
}

function decisionOf(entry: ActivityEntry, atMs: number, sequence: number): RecordedDecision | undefined {
  const outcome = outcomes[entry.outcome];
  if (outcome === undefined || entry.handler === undefined) return undefined;
  return {
    source: entry.source,
    eventId: entry.event_id,
    eventType: entry.event_type,
    handler: entry.handler,
    outcome,
    outputs: (entry.outputs ?? []).map(({ event_id: eventId, event_type: eventType }) => ({
      eventId,
      eventType,
    })),
    hasChangedState: entry.state_changed ?? false,
    ...(entry.error_code === undefined ? {} : { errorCode: entry.error_code }),
    atMs,
    sequence,
  };
}

/** Everything the input topics hold, topic by topic. */
export async function inputRecords(source: RecordSource, topics: readonly string[]): Promise<InputRecord[]> {
  const records: InputRecord[] = [];
  for (const topic of topics) for await (const record of source.readTopic(topic)) records.push(record);
  return records;
}

/** The events production published, by id, of the types it says it emitted. */
export async function publishedEvents(
  source: RecordSource,
  agent: string,
  decisions: readonly RecordedDecision[],
): Promise<Map<string, EventEnvelope>> {
  const types = new Set(decisions.flatMap(({ outputs }) => outputs.map(({ eventType }) => eventType)));
  const topics = new Set([...types].map((type) => catalogue.get(type)?.topic ?? internalTopic(agent)));
  const events = new Map<string, EventEnvelope>();
  for (const topic of topics) {
    for await (const record of source.readTopic(topic)) {
      const event = decodedOrNothing(record);
      if (event?.metadata.source_service === agent) events.set(event.event_id, event);
    }
  }
  return events;
}

function decodedOrNothing(record: InputRecord): EventEnvelope | undefined {
  try {
    return decodeEvent(record);
  } catch {
    return undefined;
  }
}
