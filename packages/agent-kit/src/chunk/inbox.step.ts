import { SignalboxError } from '@signalbox/errors';
import type { InboxRow, InboxVerdict } from '../ports/store.js';
import type { ChunkRun, DecodedItem, EventItem, Settle } from './chunk.js';
import type { StepContext } from './context.js';
import { addDeadLetter } from './dead-letters.js';
import { rawRecord } from './raw-record.js';

/** Why an event was skipped whose id is older than the window in which ids are kept. */
export const FORGOTTEN_NOTE = 'older than the ids that are kept';

/** Takes responsibility for the chunk's new events; repeats are noted, same ids with other content are dead letters. */
export async function inbox(run: ChunkRun, context: StepContext): Promise<Settle> {
  const { first, repeats } = splitRepeats(run.input.items);
  const forgottenMs = context.forgotten?.until?.getTime() ?? -Infinity;
  const rows = rowsOf(first, forgottenMs);
  const verdicts = rows.length > 0 ? await run.tx.takeResponsibility(rows) : [];
  return () => {
    for (const [at, item] of first.entries()) settleFirst(run, context, item, rows[at], verdicts[at]);
    for (const { item, original } of repeats) {
      settleKnown(run, context, item, !item.fingerprint.equals(original.fingerprint));
    }
  };
}

function settleFirst(
  run: ChunkRun,
  context: StepContext,
  item: EventItem,
  row: InboxRow | undefined,
  verdict: InboxVerdict | undefined,
): void {
  if (verdict !== 'taken') settleKnown(run, context, item, verdict === 'conflict');
  else if (row?.outcome === 'skipped') skipForgotten(run, item);
  else run.taken.push(item);
}

function rowsOf(events: readonly EventItem[], forgottenMs: number): InboxRow[] {
  const rows: InboxRow[] = [];
  for (const { identity, fingerprint, record } of events) {
    rows.push({ identity, fingerprint, outcome: record.timestampMs <= forgottenMs ? 'skipped' : 'taken' });
  }
  return rows;
}

/** The second occurrence of an id in one chunk is a repeat of the first. */
function splitRepeats(items: readonly DecodedItem[]): {
  first: EventItem[];
  repeats: { item: EventItem; original: EventItem }[];
} {
  const byIdentity = new Map<string, EventItem>();
  const repeats: { item: EventItem; original: EventItem }[] = [];
  for (const item of items) {
    if (item.kind !== 'event') continue;
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
