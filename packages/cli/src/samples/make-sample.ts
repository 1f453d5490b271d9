import type { AnyContract } from '@signalbox/contracts';
import { fillIn, setPath, type Assignment } from './set-path.js';
import { shiftTimes } from './shift-times.js';

type JsonObject = Record<string, unknown>;

/** What makes one event differ from the next. */
export interface Freshness {
  /** Number of the event in this command, from 1. */
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Eight characters that no other event has. */
  readonly id: string;
}

/** A place in `data` that names the occurrence and not an entity: it is new for each event. */
const occurrenceFields: Readonly<Record<string, string>> = {
  service_down: 'alert_id',
  service_recovered: 'alert_id',
};

/**
 * The data of a new event: the contract's sample played today, or the content of a file, with fresh ids and the
 * assignments applied. Entities (user, shipment, service) keep the sample's ids, so that events fit together.
 */
export function freshData(
  contract: AnyContract,
  base: unknown,
  fresh: Freshness,
  assignments: readonly Assignment[],
): unknown {
  const data: JsonObject = { ...(base as JsonObject) };
  const occurrence = occurrenceFields[contract.type];
  if (occurrence !== undefined) data[occurrence] = `ALERT-${fresh.id}`;
  if (typeof data['timestamp'] === 'string') data['timestamp'] = uniqueTimestamp(fresh);
  return assign(data, fresh, assignments);
}

/** The sample of a contract, with its times moved to today. */
export const sampleData = (contract: AnyContract, nowMs: number): unknown =>
  shiftTimes(contract.example, nowMs);

/** An envelope for the gateway's /events with fresh ids; assignments apply to the whole envelope. */
export function freshEnvelope(
  contract: AnyContract,
  base: unknown,
  fresh: Freshness,
  assignments: readonly Assignment[],
): unknown {
  const { metadata, ...given } = (base ?? {}) as { metadata?: JsonObject };
  const envelope = {
    data: freshData(contract, (given as JsonObject)['data'] ?? sampleData(contract, fresh.nowMs), fresh, []),
    ...(given as JsonObject),
    event_id: `cli-${fresh.id}`,
    event_type: contract.type,
    timestamp: freshTimestamp(fresh),
    metadata: { source_service: 'signalbox-cli', ...metadata, correlation_id: `corr-${fresh.id}` },
  };
  return assign(envelope, fresh, assignments);
}

function assign(target: unknown, fresh: Freshness, assignments: readonly Assignment[]): unknown {
  return assignments.reduce(
    (result, { path, value }) => setPath(result, { path, value: fillIn(value, fresh) }),
    target,
  );
}

const freshTimestamp = ({ nowMs }: Freshness): string => new Date(nowMs).toISOString();

/** A flat payload has no id of its own: its bytes make the id, so the time gets digits no other event has. */
const uniqueTimestamp = (fresh: Freshness): string =>
  freshTimestamp(fresh).replace('Z', `${String(parseInt(fresh.id, 16) % 1_000_000).padStart(6, '0')}Z`);
