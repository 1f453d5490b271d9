import type { AnyContract, Contract, EventEnvelope } from '@signalbox/contracts';
import type { EmitOutput, NoteOutput, Output } from './outputs.js';
import type { StateDefinition, StateKey } from './state.js';

/** Reads an unlocked snapshot of another key named by the handler's `reads`; undefined where there is none. */
export type ReadSnapshot = <S>(definition: StateDefinition<S>, value: string) => S | undefined;

/** What a deciding handler is given. All of it is data; nothing here does I/O. */
export interface DecideInput<S, D> {
  readonly event: EventEnvelope<D>;
  readonly key: StateKey;
  /** The state of `key`, or undefined when there is none. */
  readonly state: S | undefined;
  /** The agent's clock: database time, which tests and the local stack may step. */
  readonly now: Date;
  readonly read: ReadSnapshot;
}

/** What a timer handler is given when its timer fires. */
export interface TimerInput<S, P = unknown> {
  readonly timer: {
    readonly name: string;
    readonly dueAt: Date;
    readonly payload: P;
    /** Event id that set the timer, and the story it belongs to. */
    readonly setBy: string;
    readonly correlationId: string;
  };
  readonly key: StateKey;
  readonly state: S | undefined;
  readonly now: Date;
}

/** How a handler's failures are tried again; delays after the first attempt, in milliseconds. */
export interface RetryPolicy {
  readonly delaysMs: readonly number[];
  /** After the last failure: go on with the key's next event, or keep the key blocked for a person. */
  readonly afterDeadLetter: 'go-on' | 'stay-blocked';
}

/** Six attempts: at once, then after 5 s, 1 min, 10 min, 1 h and 6 h. */
export const defaultRetryPolicy: RetryPolicy = Object.freeze({
  delaysMs: Object.freeze([5_000, 60_000, 600_000, 3_600_000, 21_600_000]),
  afterDeadLetter: 'go-on',
});

export interface DecideOptions<S, D> {
  /** The kind of state the handler reads and writes; left out: the handler keeps none. */
  readonly state?: StateDefinition<S>;
  /** Value of the state key, from the event's data. Left out: the contract's key field. */
  readonly key?: (event: EventEnvelope<D>) => string;
  /** Other keys to load as an unlocked snapshot before deciding, at most 100. */
  readonly reads?: (event: EventEnvelope<D>) => readonly StateKey[];
  /** Events older than this (by their timestamp, in milliseconds) are recorded as skipped. Left out: no limit. */
  readonly maxAgeMs?: number;
  /** `key` (default): a failing event blocks its key. `none`: later events of the key go on. */
  readonly ordering?: 'key' | 'none';
  readonly retry?: RetryPolicy;
}

/** A deciding handler as the runtime sees it. */
export interface DecideHandler<S = unknown, D = unknown> extends DecideOptions<S, D> {
  readonly kind: 'decide';
  /** Unique in the agent; part of every derived id, so renaming it changes ids. */
  readonly name: string;
  readonly contract: Contract<string, D>;
  readonly decide: (input: DecideInput<S, D>) => readonly Output<S>[];
}

/** A timer handler: fires for timers of that name set on keys of that kind. */
export interface TimerHandler<S = unknown, P = unknown> {
  readonly kind: 'timer';
  readonly name: string;
  readonly timer: string;
  readonly state: StateDefinition<S>;
  readonly retry?: RetryPolicy;
  readonly fire: (input: TimerInput<S, P>) => readonly Output<S>[];
}

/** One attempt of an outside act. */
export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** The same over every attempt of one request: hand it to the receiver where it knows such keys. */
  readonly idempotencyKey: string;
  /** Aborted at the deadline (15 s by default). */
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** `repeat`: the receiver acts once however often it is asked. `ask`: a person must look at the receiver. */
export type UnknownOutcome = 'repeat' | 'ask';

export interface PerformOptions<D> {
  /** Acts with the same value run one after another, in order. Left out: the contract's key field. */
  readonly key?: (event: EventEnvelope<D>) => string;
  /** What is called, for limits per destination, e.g. a host name. */
  readonly destination: (event: EventEnvelope<D>) => string;
  /** What to do with a call that was started and never ended; a function where it depends on the request. */
  readonly unknownOutcome: UnknownOutcome | ((event: EventEnvelope<D>) => UnknownOutcome);
  readonly maxAgeMs?: number;
  readonly retry?: RetryPolicy;
  /** Deadline of one attempt in milliseconds, at most and by default 15,000. */
  readonly deadlineMs?: number;
  /** Calls of one process at work at once for one destination, by default 4. */
  readonly concurrency?: number;
  /** Calls of one process begun a second for one destination, at most; left out: no limit. */
  readonly ratePerSecond?: number;
}

/** Why a request was given up, for its `….failed` event. */
export interface GiveUp {
  readonly errorCode: string;
  readonly reason: string;
  readonly attempts: number;
}

/** A connector's handler: does the I/O of one request and reports the result as events. */
export interface PerformHandler<D = unknown> extends PerformOptions<D> {
  readonly kind: 'perform';
  readonly name: string;
  readonly contract: Contract<string, D>;
  readonly perform: (
    event: EventEnvelope<D>,
    attempt: Attempt,
  ) => Promise<readonly (EmitOutput | NoteOutput)[]>;
  /** The events that tell of a request given up. */
  readonly giveUp: (event: EventEnvelope<D>, failure: GiveUp) => readonly (EmitOutput | NoteOutput)[];
}

// Handlers of every shape side by side: their data types are checked where they are declared.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type AnyHandler = DecideHandler<any, any> | TimerHandler<any, any> | PerformHandler<any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** Where an agent without progress begins: it must be said, a new welcome agent must not greet last week's users. */
export type StartFrom = 'earliest' | 'latest' | { readonly time: Date };

/** Everything the runtime knows of an agent. */
export interface AgentDefinition {
  /** 1 to 63 characters: lower case, digits, `-`. Group id and topic prefix. */
  readonly name: string;
  readonly startFrom: StartFrom;
  readonly handlers: readonly AnyHandler[];
  /** Contracts of the agent's own events on `<agent>.internal`. */
  readonly internal?: readonly AnyContract[];
  readonly codeVersion: string;
}
