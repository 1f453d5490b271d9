import type {
  DecisionNode,
  EventNode,
  SeenDecision,
  SeenEvent,
  Story,
  StoryMaterial,
  StoryNode,
  WebhookNode,
} from './model.js';

/**
 * Builds the causal tree: a webhook leads to its event, an event to what agents decided, a decision to the events it
 * lists as outputs. Where no decision lists an event, its causation id counts. Repeats are joined. Every event and every
 * decision is in the tree exactly once, whatever the material says, loops included.
 */
export function buildStory(material: StoryMaterial): Story {
  const events = eventNodes(material.events);
  const decisions = decisionNodes(material.decisions);
  const webhooks = material.webhooks.map((webhook): WebhookNode => ({
    kind: 'webhook',
    webhook,
    atMs: webhook.atMs,
    children: [],
  }));
  const forest = new Forest();
  for (const { node, outputs } of decisions) {
    for (const id of outputs) forest.attach(events.get(id)?.node, node);
    forest.attach(node, events.get(node.eventId)?.node);
  }
  for (const { node, causationId } of events.values())
    forest.attach(node, events.get(causationId ?? '')?.node);
  for (const webhook of [...webhooks].sort(byTime))
    forest.attach(events.get(webhook.webhook.eventId ?? '')?.node, webhook);

  const all: StoryNode[] = [
    ...webhooks,
    ...[...events.values()].map(({ node }) => node),
    ...decisions.map(({ node }) => node),
  ];
  for (const node of all) node.children.sort(byTime);
  const times = all.map(({ atMs }) => atMs);
  return {
    correlationId: material.correlationId,
    startedAtMs: Math.min(...(webhooks.length > 0 ? webhooks.map(({ atMs }) => atMs) : times)),
    endedAtMs: Math.max(...times),
    roots: all.filter((node) => !forest.hasParent(node)).sort(byTime),
  };
}

/** Gives every node one parent at most and no node itself as ancestor. */
class Forest {
  private readonly parents = new Map<StoryNode, StoryNode>();

  attach(child: StoryNode | undefined, parent: StoryNode | undefined): void {
    if (!child || !parent || this.parents.has(child) || this.isAbove(child, parent)) return;
    this.parents.set(child, parent);
    parent.children.push(child);
  }

  hasParent(node: StoryNode): boolean {
    return this.parents.has(node);
  }

  private isAbove(node: StoryNode, below: StoryNode): boolean {
    for (let at: StoryNode | undefined = below; at; at = this.parents.get(at)) if (at === node) return true;
    return false;
  }
}

const kindOrder: Readonly<Record<StoryNode['kind'], number>> = { webhook: 0, event: 1, decision: 2 };

const byTime = (a: StoryNode, b: StoryNode): number =>
  a.atMs - b.atMs || kindOrder[a.kind] - kindOrder[b.kind];

interface PlacedEvent {
  readonly node: EventNode;
  readonly causationId: string | undefined;
}

/** One node for each event id, at the time of its first record. */
function eventNodes(seen: readonly SeenEvent[]): Map<string, PlacedEvent> {
  const nodes = new Map<string, PlacedEvent>();
  for (const { event, topic, atMs } of [...seen].sort((a, b) => a.atMs - b.atMs)) {
    const known = nodes.get(event.event_id);
    const node: EventNode = known
      ? { ...known.node, records: known.node.records + 1 }
      : {
          kind: 'event',
          eventId: event.event_id,
          eventType: event.event_type,
          source: event.metadata.source_service,
          topic,
          data: event.data,
          records: 1,
          atMs,
          children: [],
        };
    nodes.set(event.event_id, { node, causationId: known ? known.causationId : event.metadata.causation_id });
  }
  return nodes;
}

interface PlacedDecision {
  readonly node: DecisionNode;
  readonly outputs: readonly string[];
}

/** One node for each thing an agent wrote down; repeats are joined, and `queued` gives way to what came of it. */
function decisionNodes(seen: readonly SeenDecision[]): PlacedDecision[] {
  const ordered = [...seen].sort((a, b) => a.atMs - b.atMs);
  const ended = new Set(ordered.filter((decision) => !isQueued(decision)).map(placeOf));
  const nodes = new Map<string, PlacedDecision>();
  for (const decision of ordered) {
    if (isQueued(decision) && ended.has(placeOf(decision))) continue;
    const { entry } = decision;
    const name = JSON.stringify([placeOf(decision), entry.outcome, entry.attempt, entry.note, entry.outputs]);
    const known = nodes.get(name);
    const node = known ? { ...known.node, times: known.node.times + 1 } : decisionNode(decision);
    nodes.set(name, { node, outputs: (entry.outputs ?? []).map(({ event_id }) => event_id) });
  }
  return [...nodes.values()];
}

const placeOf = ({ agent, entry }: SeenDecision): string =>
  JSON.stringify([agent, entry.handler ?? '', entry.event_id, entry.event_type]);

const isQueued = ({ entry }: SeenDecision): boolean => entry.outcome === 'handled' && entry.note === 'queued';

function decisionNode({ agent, entry, atMs }: SeenDecision): DecisionNode {
  return {
    kind: 'decision',
    agent,
    outcome: entry.outcome,
    ...(entry.handler === undefined ? {} : { handler: entry.handler }),
    ...(entry.note === undefined || entry.note === '' ? {} : { note: entry.note }),
    ...(entry.error_code === undefined ? {} : { errorCode: entry.error_code }),
    ...(entry.attempt === undefined ? {} : { attempt: entry.attempt }),
    eventId: entry.event_id,
    eventType: entry.event_type,
    times: 1,
    atMs,
    children: [],
  };
}
