import type { StateKey } from '../state.js';
import type { RawRecord } from './records.js';

/**
 * The table of unfinished work is looked at at least this often, whatever anybody tells: what makes a row due at once also
 * tells every process, and each knows when its own rows fall due.
 */
export const PENDING_POLL_MS = 5_000;

export type PendingKind = 'retry' | 'parked' | 'redrive' | 'timer' | 'job';

/** A new unit of unfinished work for one handler. */
export interface PendingInsert {
  readonly kind: Exclude<PendingKind, 'timer'>;
  /** Names the work in wake-up records: derived from agent, handler and event, so it exists once. */
  readonly handle: string;
  readonly handler: string;
  readonly key: StateKey;
  readonly source: string;
  readonly eventId: string;
  /** In the agent's clock; null while it waits for another row of its key. */
  readonly dueAt: Date | null;
  /** When it is taken from here; later than `dueAt` where a retry topic wakes it up in time. */
  readonly claimAt: Date | null;
  readonly attempts: number;
  /** Whether it belongs to its key's queue; work that keeps no order stands beside it. */
  readonly isOrdered: boolean;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly record: RawRecord;
  /** What is called, for jobs. */
  readonly destination?: string;
}
/** Whether it is found in the table alone: it waits neither for another row of its key nor for a retry topic's record. */
export const isFoundInTable = ({ dueAt, claimAt }: Pick<PendingInsert, 'dueAt' | 'claimAt'>): boolean =>
  claimAt !== null && (dueAt === null || claimAt <= dueAt);

/** Sets, moves or cancels the timer `name` of a key. */
export type TimerWrite =
  | {
      readonly action: 'set';
      readonly key: StateKey;
      readonly name: string;
      readonly dueAt: Date;
      readonly payload: unknown;
      readonly setBy: TimerCause;
    }
  | { readonly action: 'cancel'; readonly key: StateKey; readonly name: string };
/** The event that set a timer: where the firing's outputs get their story from. */
export interface TimerCause {
  readonly source: string;
  readonly eventId: string;
  readonly correlationId: string;
  readonly hops: number;
  /** Present when a firing set the timer anew: how long that chain of firings is. */
  readonly chain?: FiringChain;
}
/** Firings that set timers that fire and set timers: tells them apart, and finds the ones that never end. */
export interface FiringChain {
  /** Firings before this one since the event. */
  readonly length: number;
  /** Of those, firings within the hour that began at `hourFromMs` (agent's clock). */
  readonly inHour: number;
  readonly hourFromMs: number;
}

export interface Lease {
  readonly id: bigint;
  readonly token: string;
}
/** What a record of a retry topic asks for. */
export interface WakeUp {
  readonly handle: string;
  readonly attempts: number;
}
export interface PendingPostponement {
  readonly id: bigint;
  readonly dueAt: Date;
  /** See `PendingInsert.claimAt`. */
  readonly claimAt: Date;
  readonly attempts: number;
  readonly errorCode: string;
  readonly errorMessage: string;
}
/** What became of rows that were taken; each row stands in one of the lists. */
export interface PendingSettlement {
  /** Done, or dead letters now. */
  readonly ended: readonly bigint[];
  /** Run again at their time. */
  readonly postponed: readonly PendingPostponement[];
  /** Firings that join the queue of their blocked key, in this order; a cancel still finds them. */
  readonly queuedTimers: readonly bigint[];
  /** Given back to the queue of their key: another row is its head now. */
  readonly stoodBack: readonly bigint[];
  /** Outside acts that have ended, for the ledger. */
  readonly acts: readonly ActEnd[];
}
/** A key whose queue needs a head. */
export interface QueueOfKey {
  readonly key: StateKey;
  readonly exceptTimers: readonly string[];
}
export interface PendingRow {
  readonly id: bigint;
  /** Its place in its key's queue. */
  readonly sequence: bigint;
  /** Null for timers. */
  readonly handle: string | null;
  readonly kind: PendingKind;
  /** See `PendingInsert.isOrdered`. */
  readonly isOrdered: boolean;
  /** A due timer that waits behind the failed events of its key. */
  readonly isQueued: boolean;
  readonly handler: string;
  readonly key: StateKey;
  readonly source: string;
  readonly eventId: string;
  readonly starts: number;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly firstFailedAt: Date | null;
  /** How often the work came back from the dead letters. */
  readonly redrives: number;
  readonly lease: Lease;
  /** Absent for timers. */
  readonly record: RawRecord | null;
  /** Present for timers. */
  readonly timer: { readonly name: string; readonly payload: unknown; readonly setBy: TimerCause } | null;
  readonly destination: string | null;
}

export interface ActStart {
  /** The job's row: its lease must still be `token`'s, and is prolonged to `leaseMs` from now. */
  readonly pendingId: bigint;
  readonly leaseMs: number;
  readonly idempotencyKey: string;
  readonly handler: string;
  readonly eventId: string;
  readonly destination: string;
  readonly token: string;
  readonly attempt: number;
}
export interface ActEnd {
  readonly idempotencyKey: string;
  readonly token: string;
  readonly status: 'done' | 'failed' | 'given_up';
  readonly outcome: string;
}
/**
 * `started` = go; `unknown` = an earlier attempt was started and never ended; `done` = it was done already; `lost` = the
 * lease ran out or is another's, nothing was noted.
 */
export type ActVerdict = 'started' | 'unknown' | 'done' | 'lost';

export interface ClaimDueRequest {
  readonly kinds: readonly PendingKind[];
  readonly limit: number;
  readonly leaseMs: number;
  /** Timers due later than this wait: what was published before they were due is not handled yet. Null: none fires. */
  readonly timersUntil: Date | null;
  /** Jobs for these destinations wait. */
  readonly exceptDestinations: readonly string[];
  /** Jobs taken at most for a destination, where fewer than `jobsPerDestinationMax`. */
  readonly jobsByDestination?: Readonly<Record<string, number>>;
  readonly jobsPerDestinationMax?: number;
  /** Rows this process has in hand already. */
  readonly exceptIds?: readonly bigint[];
}

export interface NextDue {
  /** Milliseconds in the agent's clock; undefined when nothing falls due within a minute. */
  readonly inMs: number | undefined;
  /** Armed timers are due: they wait until what was published before is handled. */
  readonly doTimersWait: boolean;
}

export interface ParkedCounts {
  readonly total: number;
  readonly ofOneKey: number;
}
