import { SignalboxError } from '@signalbox/errors';
import type { InboxRow } from '../ports/store.js';
import type { ChunkRun, EventItem, Settle } from './chunk.js';
import type { StepContext } from './context.js';
import { addDeadLetter } from './dead-letters.js';
import { rawRecord } from './raw-record.js';

/** Why an event was skipped whose id is older than the window in which ids are kept. */
export const FORGOTTEN_NOTE = 'older than the ids that are kept';

/** Takes responsibility for the chunk's new events; repeats are noted, same ids with other content are dead letters. */
export async function inbox(run: ChunkRun, context: StepContext): Promise<Settle> {
  const events = run.input.items.filter((item) => item.kind === 'event');
  const { first, repeats } = splitRepeats(events);
  const forgottenMs = context.forgotten?.until?.getTime() ?? -Infinity;
  const isForgotten = ({ record }: EventItem): boolean => record.timestampMs <= forgottenMs;
  const rows: InboxRow[] = first.map((item) => ({
    identity: item.identity,
    fingerprint: item.fingerprint,
    outcome: isForgotten(item) ? 'skipped' : 'taken',
  }));
  const verdicts = rows.length > 0 ? await run.tx.takeResponsibility(rows) : [];
  return () => {
    first.forEach((item, at) => {
      if (verdicts[at] === 'taken' && isForgotten(item)) skipForgotten(run, item);
      else if (verdicts[at] === 'taken') run.taken.push(item);
      else settleKnown(run, context, item, verdicts[at] === 'conflict');
    });
    for (const { item, original } of repeats) {
      settleKnown(run, context, item, !item.fingerprint.equals(original.fingerprint));
    }
  };
}

/** The second occurrence of an id in one chunk is a repeat of the first. */
function splitRepeats(events: readonly EventItem[]): {
  first: EventItem[];
  repeats: { item: EventItem; original: EventItem }[];
} {
  const byIdentity = new Map<string, EventItem>();
  const repeats: { item: EventItem; original: EventItem }[] = [];
  for (const item of events) {
    const id = item.identity.toString('latin1');
    const original = byIdentity.get(id);
    if (original) repeats.push({ item, original });
    else byIdentity.set(id, item);
  }
  return { first: [...byIdentity.values()], repeats };
}

/** Its id may have been known and cleaned away: handling it could do everything a second time. */
function skipForgotten(run: ChunkRun, { event }: EventItem): void {
  run.effects.activity.push({
    event_id: event.event_id,
    source: event.metadata.source_service,
    event_type: event.event_type,
    correlation_id: event.metadata.correlation_id,
    outcome: 'skipped',
    note: FORGOTTEN_NOTE,
  });
}

function settleKnown(run: ChunkRun, context: StepContext, item: EventItem, isConflict: boolean): void {
  const { event, record } = item;
  if (isConflict) {
    const now = run.opened?.now ?? new Date(record.timestampMs);
    const failed = {
      record: rawRecord(run.input.partition, record),
      event,
      attempts: 1,
      firstFailedAt: now,
      now,
    };
    const message = `event id '${event.event_id}' of '${event.metadata.source_service}' was already used with another content`;
    addDeadLetter(run.effects, context.agent, failed, new SignalboxError('id_conflict', message));
    return;
  }
  run.effects.activity.push({
    event_id: event.event_id,
    source: event.metadata.source_service,
    event_type: event.event_type,
    correlation_id: event.metadata.correlation_id,
    outcome: 'duplicate',
  });
}
