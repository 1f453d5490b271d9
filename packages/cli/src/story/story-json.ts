import { dateTimeIso } from '../format/time.js';
import { headline } from './headline.js';
import type { Story, StoryNode } from './model.js';
import { summarize } from './summary.js';

/** A story as data: the tree with RFC 3339 times, and `after_ms` since the story began. */
export function storyJson(story: Story): object {
  return {
    correlation_id: story.correlationId,
    started_at: dateTimeIso(story.startedAtMs),
    duration_ms: story.endedAtMs - story.startedAtMs,
    summary: summarize(story),
    tree: story.roots.map((root) => nodeJson(root, story.startedAtMs)),
  };
}

function nodeJson(node: StoryNode, zeroMs: number): object {
  return {
    kind: node.kind,
    at: dateTimeIso(node.atMs),
    after_ms: node.atMs - zeroMs,
    ...ownFields(node),
    children: node.children.map((child) => nodeJson(child, zeroMs)),
  };
}

function ownFields(node: StoryNode): object {
  if (node.kind === 'webhook') {
    const { webhookId, source, path, verdict, status, reason, eventId } = node.webhook;
    return { webhook_id: webhookId, source, path, verdict, status, reason, event_id: eventId };
  }
  if (node.kind === 'event') {
    const { eventId, eventType, source, topic, records, data } = node;
    const says = headline(eventType, data);
    return { event_id: eventId, event_type: eventType, source, topic, records, headline: says, data };
  }
  const { agent, handler, outcome, note, errorCode, attempt, times, eventId, eventType } = node;
  return {
    agent,
    handler,
    outcome,
    note,
    error_code: errorCode,
    attempt,
    times,
    event_id: eventId,
    event_type: eventType,
  };
}
