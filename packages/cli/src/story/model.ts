import type { ActivityEntry, EventEnvelope } from '@signalbox/contracts';

/** A webhook of the story, from `webhook.received`. */
export interface SeenWebhook {
  readonly webhookId: string;
  readonly source: string;
  readonly path: string;
  readonly verdict: 'accepted' | 'refused';
  readonly status: number;
  readonly reason?: string;
  readonly eventId?: string;
  /** When it arrived, milliseconds since 1970. */
  readonly atMs: number;
}

/** An event of the story, from its topic. */
export interface SeenEvent {
  readonly event: EventEnvelope;
  readonly topic: string;
  /** When Kafka got it (not when it happened), milliseconds since 1970. */
  readonly atMs: number;
}

/** What an agent wrote down about an event of the story, from `agent.activity`. */
export interface SeenDecision {
  readonly agent: string;
  readonly entry: ActivityEntry;
  readonly atMs: number;
}

/** All that was found about one story. */
export interface StoryMaterial {
  readonly correlationId: string;
  readonly webhooks: readonly SeenWebhook[];
  readonly events: readonly SeenEvent[];
  readonly decisions: readonly SeenDecision[];
}

interface NodeBase {
  readonly atMs: number;
  readonly children: StoryNode[];
}

export interface WebhookNode extends NodeBase {
  readonly kind: 'webhook';
  readonly webhook: SeenWebhook;
}

export interface EventNode extends NodeBase {
  readonly kind: 'event';
  readonly eventId: string;
  readonly eventType: string;
  readonly source: string;
  readonly topic: string;
  readonly data: unknown;
  /** How often the same event was published; 1 as a rule. */
  readonly records: number;
}

export interface DecisionNode extends NodeBase {
  readonly kind: 'decision';
  readonly agent: string;
  readonly outcome: ActivityEntry['outcome'];
  readonly handler?: string;
  readonly note?: string;
  readonly errorCode?: string;
  readonly attempt?: number;
  readonly eventId: string;
  readonly eventType: string;
  /** How often the same was written down, for duplicates. */
  readonly times: number;
}

export type StoryNode = WebhookNode | EventNode | DecisionNode;

/** A story as a forest: what had no cause in it is a root. */
export interface Story {
  readonly correlationId: string;
  /** Time zero: the first webhook, or the first record. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly roots: readonly StoryNode[];
}
