import type { StateDefinition } from '@signalbox/agent-kit';
import { decodeEvent, type Contract, type EventEnvelope } from '@signalbox/contracts';
import type { MemoryBroker } from '../memory/memory-broker.js';
import { stateKeyId, type StoredPending } from '../memory/tables.js';
import type { BusMember } from './bus-member.js';

/** A timer that waits on a bus. */
export interface BusTimer {
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly dueAt: Date;
  readonly payload: unknown;
}

/** An event or request that waits to be tried again, or behind one that does. */
export interface BusWork {
  readonly kind: Exclude<StoredPending['kind'], 'timer'>;
  readonly handler: string;
  readonly key: string;
  readonly eventId: string;
  readonly attempts: number;
  /** Undefined while it stands behind another of its key, or waits for a person. */
  readonly dueAt: Date | undefined;
  readonly errorCode: string | undefined;
}

/** What an agent could not handle. */
export interface BusDeadLetter {
  readonly agent: string;
  readonly handler: string | null;
  readonly key: string | null;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
}

/** The events of one contract's topic in the order they were written, each id once. */
export function eventsOf<D>(broker: MemoryBroker, contract: Contract<string, D>): EventEnvelope<D>[] {
  const all = broker.historyOf(contract.topic).map((record) => decodeEvent(record) as EventEnvelope<D>);
  const byId = new Map<string, EventEnvelope<D>>();
  for (const event of all) {
    const id = JSON.stringify([event.metadata.source_service, event.event_id]);
    if (event.event_type === contract.type && !byId.has(id)) byId.set(id, event);
  }
  return [...byId.values()];
}

/** A key's state as the agent would read it. */
export function stateOf<S>(
  { database }: BusMember,
  definition: StateDefinition<S>,
  key: string,
): S | undefined {
  const row = database.tables.keys.rows.get(stateKeyId(definition.key(key)));
  if (row?.state == null) return undefined;
  let state: unknown = JSON.parse(row.state);
  for (let version = row.stateVersion; version < definition.version; version += 1)
    state = definition.upcasters[version]?.(state);
  return state as S;
}

/** Waiting timers, the earliest first. */
export function timersOf({ database }: BusMember): BusTimer[] {
  return [...database.tables.pending.rows.values()]
    .flatMap(({ key, timer, dueMs }) =>
      timer
        ? [
            {
              kind: key.kind,
              key: key.value,
              name: timer.name,
              dueAt: new Date(dueMs ?? 0),
              payload: timer.payload,
            },
          ]
        : [],
    )
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}

/** Work that waits, in the order in which it came. */
export function workOf({ database }: BusMember): BusWork[] {
  return [...database.tables.pending.rows.values()]
    .sort((a, b) => Number(a.sequence - b.sequence))
    .flatMap(({ kind, handler, key, eventId, attempts, dueMs, errorCode }) =>
      kind === 'timer'
        ? []
        : [
            {
              kind,
              handler,
              key: key.value,
              eventId,
              attempts,
              dueAt: dueMs === null ? undefined : new Date(dueMs),
              errorCode: errorCode ?? undefined,
            },
          ],
    );
}

/** Dead letters, the oldest first. */
export function deadLettersOf({ name, database }: BusMember): BusDeadLetter[] {
  return [...database.tables.deadLetters.rows.values()].map(
    ({ handler, key, eventId, eventType, errorCode, errorMessage, attempts }) => ({
      agent: name,
      handler,
      key: key?.value ?? null,
      eventId,
      eventType,
      errorCode,
      errorMessage,
      attempts,
    }),
  );
}
