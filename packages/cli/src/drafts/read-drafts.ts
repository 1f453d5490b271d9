import { listTopics } from '@signalbox/agent-kit-kafka';
import {
  draftApproved,
  draftCompleted,
  draftCreated,
  draftRejected,
  emailRequested,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { printable } from '../format/printable.js';
import { readEvents } from '../story/collect.js';
import { withInspector } from '../story/inspect.js';
import { foldDrafts, type DraftView, type TimedEvent } from './fold-drafts.js';

const topics = [draftCreated, draftCompleted, draftApproved, draftRejected, emailRequested].map(
  ({ topic }) => topic,
);

/** Every draft made since `fromTimeMs`, from the topics of the stack's Kafka, the oldest first. */
export function readDrafts(fromTimeMs: number): Promise<DraftView[]> {
  return withInspector(async (inspector, connection) => {
    const there = new Set(await listTopics(connection));
    const events: TimedEvent[] = [];
    for (const topic of topics.filter((name) => there.has(name))) {
      for await (const { record, event } of readEvents(inspector, topic, fromTimeMs))
        events.push({ event, atMs: record.timestampMs });
    }
    return foldDrafts(events);
  });
}

/** The draft with this id. Throws `not_found`. */
export async function requireDraft(id: string, fromTimeMs: number): Promise<DraftView> {
  const draft = (await readDrafts(fromTimeMs)).find(({ draft_id }) => draft_id === id);
  if (draft) return draft;
  throw new SignalboxError('not_found', `There is no draft ${printable(id, 255)}.`, {
    action: '`npx signalbox drafts list --all` shows those there are; --since 90d looks further back.',
  });
}
