import { z } from 'zod';
import { expressionCharsMax, rulesMax } from './bounds.js';

const expression = z.string().min(1).max(expressionCharsMax);

/** How one kind of a provider's event becomes events of ours. Every field but `event_type` is a JSONata expression. */
export const mappingRule = z.strictObject({
  /** The rule counts for payloads for which this is true; left out: for all. */
  when: expression.optional(),
  /** A list in the payload: one event for each entry, which is then the expressions' context. */
  each: expression.optional(),
  /** An event type of the catalogue, as it is written there. */
  event_type: z.string().min(1).max(249),
  /** The event's data. */
  data: expression,
  /** What tells the events of one webhook apart; left out: their number. */
  id: expression.optional(),
  /** When it happened; left out: `timestamp` of the data, else when the webhook came. */
  timestamp: expression.optional(),
  /** Names the story the event belongs to; left out: the event's id. */
  correlation_id: expression.optional(),
});
export type MappingRule = z.infer<typeof mappingRule>;

/** Rules in order; every rule that fits makes its events. */
export const mappingRules = z.array(mappingRule).min(1).max(rulesMax);
