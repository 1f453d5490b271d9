import { agentActivity, encodeEvent, keyOf, type ActivityEntry } from '@signalbox/contracts';
import { outputId } from '../ids.js';
import type { AgentDefinition } from '../handlers.js';
import type { OutgoingEvent } from './effects.js';

const ENTRIES_MAX = 500;
const RECORD_BYTES_MAX = 262_144;

/** The activity records of a chunk: one, or more when it would be larger than 256 KiB or 500 entries. */
export function activityRecords(
  agent: AgentDefinition,
  instance: string,
  chunk: bigint,
  now: Date,
  entries: readonly ActivityEntry[],
): OutgoingEvent[] {
  return split(entries).map((part, ordinal) => {
    const data = { agent: agent.name, instance, at: now.toISOString(), entries: part };
    const key = keyOf(agentActivity, data);
    const origin = {
      agent: agent.name,
      handler: '',
      cause: JSON.stringify(['chunk', instance, String(chunk)]),
    };
    const eventId = outputId(origin, agentActivity.type, key, ordinal);
    const { value, headers } = encodeEvent(
      {
        event_id: eventId,
        event_type: agentActivity.type,
        timestamp: now.toISOString(),
        data,
        metadata: {
          source_service: agent.name,
          correlation_id: eventId,
          schema_version: agentActivity.version,
        },
      },
      { key },
    );
    return { topic: agentActivity.topic, record: { key: Buffer.from(key), value, headers } };
  });
}

function split(entries: readonly ActivityEntry[]): ActivityEntry[][] {
  const parts: ActivityEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const current = parts.at(-1);
    if (!current || current.length >= ENTRIES_MAX || bytes + size > RECORD_BYTES_MAX) {
      parts.push([entry]);
      bytes = size;
    } else {
      current.push(entry);
      bytes += size;
    }
  }
  return parts;
}

/** A cheap upper estimate of an entry's JSON size in bytes (4 bytes a character of free text). */
function sizeOf(entry: ActivityEntry): number {
  const texts =
    entry.event_id.length + entry.source.length + entry.event_type.length + (entry.note?.length ?? 0);
  return 300 + 4 * (texts + (entry.correlation_id?.length ?? 0)) + 120 * (entry.outputs?.length ?? 0);
}
