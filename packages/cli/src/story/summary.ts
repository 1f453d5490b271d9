import type { DecisionNode, EventNode, Story, StoryNode } from './model.js';

/** What a story comes to. */
export interface StorySummary {
  readonly webhooks: number;
  readonly events: number;
  /** Names of the agents that took part, sorted. */
  readonly agents: readonly string[];
  /** Requests nobody has answered: no result event and no dead letter. */
  readonly open: readonly { readonly eventId: string; readonly eventType: string }[];
  /** Events an agent gave up. */
  readonly failures: readonly {
    readonly agent: string;
    readonly eventId: string;
    readonly eventType: string;
  }[];
}

export function summarize(story: Story): StorySummary {
  const nodes = story.roots.flatMap(flatten);
  const events = nodes.filter((node) => node.kind === 'event');
  const decisions = nodes.filter((node) => node.kind === 'decision');
  return {
    webhooks: nodes.filter((node) => node.kind === 'webhook').length,
    events: events.length,
    agents: [...new Set(decisions.map(({ agent }) => agent))].sort(),
    open: events.filter(isOpenRequest).map(({ eventId, eventType }) => ({ eventId, eventType })),
    failures: decisions
      .filter(isFailure)
      .map(({ agent, eventId, eventType }) => ({ agent, eventId, eventType })),
  };
}

/** A node and everything below it, in the order they are shown. */
export function flatten(node: StoryNode): StoryNode[] {
  return [node, ...node.children.flatMap(flatten)];
}

function isOpenRequest(node: EventNode): boolean {
  return (
    node.eventType.endsWith('.requested') &&
    !node.children.some((child) => child.kind === 'event' || isEnd(child))
  );
}

const isEnd = (node: StoryNode): boolean =>
  node.kind === 'decision' &&
  (node.outcome === 'performed' || node.outcome === 'dead_lettered' || node.outcome === 'skipped');

const isFailure = (node: DecisionNode): boolean => node.outcome === 'dead_lettered';
