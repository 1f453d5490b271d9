import { hopsMax, type Contract, type EventEnvelope } from '@signalbox/contracts';
import { ExpectationError } from './expectation-error.js';

/** An event of a test, with the contract it belongs to. */
export interface TestEvent<D = unknown> {
  readonly kind: 'event';
  readonly contract: Contract<string, D>;
  readonly envelope: EventEnvelope<D>;
}

/** A timer of a test that fires. */
export interface TestTimer<P = unknown> {
  readonly kind: 'timer';
  readonly name: string;
  readonly payload: P;
  /** When it was due; left out: the time of the test. */
  readonly dueAt: Date | undefined;
  readonly setBy: string;
  readonly correlationId: string;
  /** Value of its state key. */
  readonly key: string;
}

export interface EventOptions {
  /** RFC 3339 or a Date; default 2026-04-05T12:00:00Z. */
  readonly at?: string | Date;
  /** Default `evt-1`: one event per test needs no id, the events of a story each their own. */
  readonly eventId?: string;
  readonly source?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** 0 to 32. */
  readonly hops?: number;
}

const defaultTime = '2026-04-05T12:00:00Z';

/** An event of `contract`. The data is not checked here: tests of bad input need bad data. */
export function event<D>(contract: Contract<string, D>, data: D, options: EventOptions = {}): TestEvent<D> {
  const {
    at = defaultTime,
    eventId = 'evt-1',
    source = 'test',
    correlationId = eventId,
    causationId,
    hops,
  } = options;
  if (hops !== undefined && (hops < 0 || hops > hopsMax))
    throw new ExpectationError(`hops must be 0 to ${hopsMax}`);
  const envelope: EventEnvelope<D> = {
    event_id: eventId,
    event_type: contract.type,
    timestamp: typeof at === 'string' ? at : at.toISOString(),
    data,
    metadata: {
      source_service: source,
      correlation_id: correlationId,
      ...(causationId === undefined ? {} : { causation_id: causationId }),
      ...(hops === undefined ? {} : { hops }),
    },
  };
  return { kind: 'event', contract, envelope };
}

export interface TimerOptions<P> {
  readonly payload?: P;
  readonly dueAt?: string | Date;
  readonly setBy?: string;
  readonly correlationId?: string;
  /** Value of the state key; default `key-1`. */
  readonly key?: string;
}

/** The timer `name` fires. */
export function timer<P = null>(name: string, options: TimerOptions<P> = {}): TestTimer<P> {
  const { payload = null as P, dueAt, setBy = 'evt-1', correlationId = setBy, key = 'key-1' } = options;
  return {
    kind: 'timer',
    name,
    payload,
    dueAt: dueAt === undefined ? undefined : new Date(dueAt),
    setBy,
    correlationId,
    key,
  };
}
