import type { EventEnvelope } from '@signalbox/contracts';

/** What production decided, from `agent.activity`: the last word on an event and a handler. */
export interface RecordedDecision {
  readonly source: string;
  readonly eventId: string;
  /** Event type, or `timer:<name>`. */
  readonly eventType: string;
  readonly handler: string;
  readonly outcome: Outcome;
  readonly outputs: readonly { readonly eventId: string; readonly eventType: string }[];
  readonly hasChangedState: boolean;
  readonly errorCode?: string;
  /** The agent's clock when it decided, milliseconds since 1970. */
  readonly atMs: number;
  /** Place in the order of the decisions. */
  readonly sequence: number;
}

export type Outcome = 'handled' | 'fired' | 'failed' | 'skipped';

/** What the working copy decided, with whole outputs. */
export interface ShadowedDecision extends Omit<RecordedDecision, 'outputs' | 'atMs' | 'sequence'> {
  readonly outputs: readonly EventEnvelope[];
}

/** The two decisions on one event; one of them may be missing. */
export interface Pair {
  readonly atMs: number;
  readonly production?: RecordedDecision;
  readonly shadow?: ShadowedDecision;
}

/** What is different about one event. */
export type Change =
  | { readonly kind: 'not_decided' }
  | { readonly kind: 'newly_decided'; readonly outcome: Outcome; readonly outputs: readonly string[] }
  | {
      readonly kind: 'outcome';
      readonly production: string;
      readonly shadow: string;
    }
  | { readonly kind: 'output_missing' | 'output_added'; readonly eventType: string; readonly eventId: string }
  | {
      readonly kind: 'output_changed';
      readonly eventType: string;
      readonly eventId: string;
      /** What differs in its data, with pointers into it. */
      readonly fields: readonly FieldChange[];
    }
  | { readonly kind: 'state_change'; readonly production: boolean; readonly shadow: boolean };

export interface FieldChange {
  readonly pointer: string;
  readonly production: unknown;
  readonly shadow: unknown;
}

/** An event on which production and the working copy differ. */
export interface Difference {
  readonly at: string;
  readonly source: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly handler: string;
  readonly changes: readonly Change[];
}

export interface ShadowReport {
  readonly agent: string;
  /** Decisions compared, events and timers. */
  readonly compared: number;
  readonly differing: number;
  /** How many changes of each kind there are, of outputs by event type. */
  readonly summary: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

/** One name for a decision in production and in the shadow. */
export const decisionId = (one: {
  source: string;
  eventId: string;
  eventType: string;
  handler: string;
}): string => JSON.stringify([one.source, one.eventId, one.eventType, one.handler]);
