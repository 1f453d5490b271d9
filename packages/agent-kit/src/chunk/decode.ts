import {
  currentEvent,
  decodeEvent,
  eventFingerprint,
  eventIdentity,
  hopsMax,
  keyOf,
  type AnyContract,
  type EventEnvelope,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { IncomingRecord } from '../ports/records.js';
import type { AnyDecide, AnyPerform, Registry } from '../registry.js';
import type { StateKey } from '../state.js';
import type { DecodedItem, HandlerUnit } from './chunk.js';

const KEY_CHARS_MAX = 255;
const READS_MAX = 100;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f]/;

/** Reads one record as an event of this topic; what cannot be read comes back as poison, never as a throw. */
export function decodeRecord(registry: Registry, topic: string, record: IncomingRecord): DecodedItem {
  let event: EventEnvelope | undefined;
  try {
    event = decodeEvent(record);
    const route = registry.route(topic, event.event_type);
    if (!route) {
      throw new SignalboxError(
        'event_type_unknown',
        `'${event.event_type}' is not expected on topic '${topic}'`,
      );
    }
    const { current, newer } = versioned(route.contract, event);
    if ((event.metadata.hops ?? 0) >= hopsMax) {
      throw new SignalboxError('hops_exceeded', `the chain has ${event.metadata.hops} hops`);
    }
    return {
      kind: 'event',
      record,
      event: current,
      contract: route.contract,
      route,
      identity: eventIdentity(event.metadata.source_service, event.event_id),
      // Of the data as it was sent: code of every version must tell the same repeats.
      fingerprint: eventFingerprint(event.event_type, event.data),
      units: route.handlers.map((handler) => unitOf(handler, route.contract, current, newer)),
      ...(newer ? { newer } : {}),
    };
  } catch (thrown) {
    const error = asSignalboxError(thrown);
    return event ? { kind: 'poison', record, error, event } : { kind: 'poison', record, error };
  }
}

/** The event in the version of this code, or as it came with the reason why this code can't read it yet. */
function versioned(
  contract: AnyContract,
  event: EventEnvelope,
): { readonly current: EventEnvelope; readonly newer?: SignalboxError } {
  try {
    return { current: currentEvent(contract, event) };
  } catch (error) {
    const hasKey = typeof (event.data as Record<string, unknown> | null)?.[contract.keyField] === 'string';
    // Without its key it could not wait in its place: then it is a dead letter, to be redriven by newer code.
    if (error instanceof SignalboxError && error.code === 'event_newer' && hasKey)
      return { current: event, newer: error };
    throw error;
  }
}

function unitOf(
  handler: AnyDecide | AnyPerform,
  contract: AnyContract,
  event: EventEnvelope,
  newer: SignalboxError | undefined,
): HandlerUnit {
  const value = handler.key ? handler.key(event) : keyOf(contract, event.data);
  const kind = handler.kind === 'decide' && handler.state ? handler.state.kind : `handler:${handler.name}`;
  const reads = handler.kind === 'decide' && handler.reads && !newer ? handler.reads(event) : [];
  if (reads.length > READS_MAX)
    throw new SignalboxError(
      'handler_fatal',
      `handler '${handler.name}' reads ${reads.length} keys, at most ${READS_MAX}`,
    );
  return {
    handler,
    key: checkedKey({ kind, value }, handler.name),
    reads: reads.map((key) => checkedKey(key, handler.name)),
  };
}

function checkedKey(key: StateKey, handler: string): StateKey {
  if (
    typeof key.value !== 'string' ||
    key.value.length === 0 ||
    key.value.length > KEY_CHARS_MAX ||
    CONTROL.test(key.value)
  ) {
    throw new SignalboxError(
      'handler_fatal',
      `handler '${handler}' names a key that is not 1 to ${KEY_CHARS_MAX} printable characters`,
    );
  }
  return key;
}

function asSignalboxError(thrown: unknown): SignalboxError {
  if (thrown instanceof SignalboxError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new SignalboxError('handler_failed', message, { cause: thrown });
}

/** What can be read of an event without any code of the agent. */
export function readEnvelope(record: IncomingRecord): EventEnvelope | undefined {
  try {
    return decodeEvent(record);
  } catch {
    return undefined;
  }
}
