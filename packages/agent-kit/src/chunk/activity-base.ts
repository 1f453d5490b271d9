import type { ActivityEntry, EventEnvelope } from '@signalbox/contracts';
import type { CallResult } from './call-handler.js';
import type { Effects } from './effects.js';

/** Which event and handler a line of activity is about. */
export interface ActivityBase {
  readonly event_id: string;
  readonly source: string;
  readonly event_type: string;
  readonly correlation_id: string;
  readonly handler: string;
}

export const activityBase = (event: EventEnvelope, handler: string): ActivityBase => ({
  event_id: event.event_id,
  source: event.metadata.source_service,
  event_type: event.event_type,
  correlation_id: event.metadata.correlation_id,
  handler,
});

/** Keeps what a handled event has led to. */
export function keepHandled(
  effects: Effects,
  { applied, durationUs }: Extract<CallResult, { kind: 'handled' }>,
  base: ActivityBase,
  attempt: number,
  hasStateChanged: boolean,
  outcome: 'handled' | 'fired' = 'handled',
): void {
  effects.events.push(...applied.events);
  effects.timers.push(...applied.timers);
  // Written out: spreading an object into a new one costs several times as much.
  const { event_id, source, event_type, correlation_id, handler } = base;
  const entry: ActivityEntry = {
    event_id,
    source,
    event_type,
    correlation_id,
    handler,
    outcome,
    attempt,
    duration_us: durationUs,
    outputs: applied.emitted,
    state_changed: hasStateChanged,
  };
  if (applied.note !== undefined) entry.note = applied.note;
  effects.activity.push(entry);
}
