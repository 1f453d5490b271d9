import type { ActivityEntry } from '@signalbox/contracts';
import type { SeenDecision } from './model.js';

/** What the agents made of one event, agent by agent: the last word of each. */
export interface Outcome {
  readonly agent: string;
  readonly outcome: ActivityEntry['outcome'];
  readonly note?: string;
  readonly errorCode?: string;
}

/**
 * The last word of each agent about each event, by event id; a duplicate only counts when there is nothing else. That
 * another content came under the same id is told beside it: it is about another webhook than the one that was handled.
 */
export function outcomesByEvent(decisions: readonly SeenDecision[]): ReadonlyMap<string, readonly Outcome[]> {
  const byEvent = new Map<string, Map<string, Outcome>>();
  for (const { agent, entry } of [...decisions].sort((a, b) => a.atMs - b.atMs)) {
    const agents = byEvent.get(entry.event_id) ?? new Map<string, Outcome>();
    byEvent.set(entry.event_id, agents);
    const key = entry.error_code === 'id_conflict' ? `${agent} id_conflict` : agent;
    if (entry.outcome === 'duplicate' && agents.has(agent)) continue;
    agents.set(key, {
      agent,
      outcome: entry.outcome,
      ...(entry.note === undefined ? {} : { note: entry.note }),
      ...(entry.error_code === undefined ? {} : { errorCode: entry.error_code }),
    });
  }
  return new Map([...byEvent].map(([id, agents]) => [id, [...agents.values()]]));
}
