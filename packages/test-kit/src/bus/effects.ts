import {
  agentActivity,
  alertRaised,
  catalogueTopics,
  decodeEvent,
  internalTopic,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import type { MemoryBroker } from '../memory/memory-broker.js';
import type { BusMember } from './bus-member.js';
import {
  deadLettersOf,
  timersOf,
  workOf,
  type BusDeadLetter,
  type BusTimer,
  type BusWork,
} from './bus-views.js';

/** What a story has led to on a bus. */
export interface BusEffects {
  /** Published events by topic, each id once, in the order of their ids; an alert about a failure has its fingerprint for one. */
  readonly events: Readonly<Record<string, readonly EventEnvelope[]>>;
  /** States by agent and key; a key that is blocked says so. */
  readonly states: Readonly<Record<string, unknown>>;
  readonly timers: readonly BusTimer[];
  readonly waiting: readonly BusWork[];
  readonly deadLetters: readonly BusDeadLetter[];
  /** Outside acts by agent and idempotency key: how they ended. */
  readonly acts: Readonly<Record<string, string>>;
}

/** Everything in an order of its own, since the order of what concerns different keys is nobody's promise. */
export function effectsOf(broker: MemoryBroker, members: readonly BusMember[]): BusEffects {
  const topics = [
    ...catalogueTopics().map(({ topic }) => topic),
    ...members.map(({ name }) => internalTopic(name)),
  ].filter((topic) => topic !== agentActivity.topic);
  const events = topics.flatMap((topic) => {
    const all = eventsIn(broker, topic);
    return all.length > 0 ? [[topic, all] as const] : [];
  });
  return {
    events: Object.fromEntries(events),
    states: Object.fromEntries(sorted(members.flatMap(statesOf), ([id]) => id)),
    timers: sorted(members.flatMap(timersOf), ({ kind, key, name }) => `${kind} ${key} ${name}`),
    waiting: sorted(members.flatMap(workOf), ({ eventId, handler }) => `${eventId} ${handler}`),
    deadLetters: sorted(
      members.flatMap(deadLettersOf),
      ({ agent, eventId, handler }) => `${agent} ${eventId} ${handler}`,
    ),
    acts: Object.fromEntries(sorted(members.flatMap(actsOf), ([id]) => id)),
  };
}

function eventsIn(broker: MemoryBroker, topic: string): EventEnvelope[] {
  const events = broker.recordsOf(topic).map((record) => nameless(decodeEvent(record)));
  const idOf = ({ event_id, metadata }: EventEnvelope): string => `${metadata.source_service} ${event_id}`;
  return sorted([...new Map(events.map((event) => [idOf(event), event])).values()], idOf);
}

/** The id of an alert about a failure names the process that raised it, which is another in each run. */
function nameless(event: EventEnvelope): EventEnvelope {
  if (event.event_type !== alertRaised.type) return event;
  const { agent, fingerprint } = event.data as DataOf<typeof alertRaised>;
  return event.metadata.source_service === agent
    ? { ...event, event_id: `alert about ${fingerprint}` }
    : event;
}

const statesOf = ({ name, database }: BusMember): [string, unknown][] =>
  [...database.tables.keys.rows.values()].flatMap(({ kind, value, state, blocked }) => {
    const id = `${name} ${kind}/${value}`;
    if (blocked) return [[id, { isBlocked: true, state: parsed(state) }] as [string, unknown]];
    return state === null ? [] : [[id, parsed(state)] as [string, unknown]];
  });

const actsOf = ({ name, database }: BusMember): [string, string][] =>
  [...database.tables.ledger.rows.values()].map(({ idempotencyKey, status }) => [
    `${name} ${idempotencyKey}`,
    status,
  ]);

const parsed = (state: string | null): unknown => (state === null ? null : JSON.parse(state));

function sorted<T>(items: readonly T[], by: (item: T) => string): T[] {
  return [...items].sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
}
