import type { DeadLetter, Hash16, PendingRow, RawRecord, TimerCause } from '../ports/store.js';
import type { StateKey } from '../state.js';

export type LetterStatus = 'open' | 'redriven' | 'discarded';

/** Which dead letters; what is left out does not narrow. */
export interface LetterFilter {
  readonly status?: LetterStatus | undefined;
  readonly fingerprint?: string | undefined;
  readonly handler?: string | undefined;
  readonly eventType?: string | undefined;
  readonly errorCode?: string | undefined;
  /** Dead since this time (inclusive) and before that one (exclusive), in real time. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A dead letter as it is kept. */
export interface StoredLetter extends DeadLetter {
  readonly id: bigint;
  readonly sequence: bigint;
  readonly status: LetterStatus;
  /** How often it was edited; an edit names the number it has seen. */
  readonly edits: number;
  readonly edit: { readonly value: Buffer; readonly by: string; readonly at: Date } | null;
  readonly settled: { readonly by: string; readonly why: string | null; readonly at: Date } | null;
  readonly createdAt: Date;
}

/** Dead letters of one cause. */
export interface LetterGroup {
  readonly fingerprint: string;
  readonly count: number;
  readonly errorCode: string;
  /** Of the newest. */
  readonly errorMessage: string;
  readonly handler: string | null;
  readonly eventType: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly newestId: bigint;
}

/** How one dead letter goes back to its agent. */
export interface LetterRedrive {
  readonly letterId: bigint;
  /** `edits` of the letter this was planned from. */
  readonly edits: number;
  readonly by: string;
  /** Taken into the inbox where the event runs under an id the agent has not seen. */
  readonly inbox: { readonly identity: Hash16; readonly fingerprint: Hash16 } | null;
  readonly rows: readonly RedriveRow[];
}

/** Work a dead letter becomes again: an event for one handler, a connector's job, or a firing. */
export interface RedriveRow {
  readonly kind: 'redrive' | 'job' | 'timer';
  readonly handle: string | null;
  readonly handler: string;
  readonly key: StateKey;
  readonly source: string;
  readonly eventId: string;
  readonly isOrdered: boolean;
  readonly redrives: number;
  readonly sequence: bigint;
  /** Null for timers. */
  readonly record: RawRecord | null;
  readonly destination: string | null;
  readonly timer: { readonly name: string; readonly payload: unknown; readonly setBy: TimerCause } | null;
}

/**
 * `not_open`: it was redriven, discarded or edited meanwhile; `id_taken`: the inbox knows the event id; `at_work`: the
 * same work, or a timer of that name, is pending already. Nothing changed then.
 */
export type RedriveVerdict = 'redriven' | 'not_open' | 'id_taken' | 'at_work';

/** What a person says of an act whose outcome was unknown. */
export interface NotedOutcome {
  readonly letterId: bigint;
  readonly idempotencyKey: string;
  readonly isDone: boolean;
  readonly by: string;
  readonly why: string;
}

/** A redrive of many dead letters, worked off by the agent itself. */
export interface RedriveRun {
  readonly id: bigint;
  readonly filter: LetterFilter;
  readonly ratePerS: number;
  /** Letters it takes, at most. */
  readonly lettersMax: number;
  /** Letters it was to take when it was asked for. */
  readonly total: number;
  readonly redriven: number;
  readonly refused: number;
  readonly lastRefusal: string | null;
  readonly status: 'running' | 'done' | 'cancelled';
  readonly askedBy: string;
  /** Letters up to this id are behind it; later ones than `lastId` are none of it. */
  readonly atId: bigint;
  readonly lastId: bigint;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface RunProgress {
  readonly atId: bigint;
  readonly redriven: number;
  readonly refused: number;
  readonly lastRefusal: string | null;
  readonly isDone: boolean;
}

/** A key whose events wait. */
export interface BlockedKey extends StateKey {
  readonly since: Date | null;
  /** Events and firings in its queue. */
  readonly waiting: number;
  /** When its first row runs; null: it waits for a person. */
  readonly nextAttemptAt: Date | null;
  readonly head: { readonly handler: string; readonly eventId: string; readonly attempts: number } | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export interface Switch {
  readonly by: string;
  readonly why: string;
  readonly since: Date;
}
/** The agent's kill switches; null: off. */
export interface ControlState {
  readonly paused: Switch | null;
  readonly effectsHeld: Switch | null;
}
export type SwitchName = keyof ControlState;

/** What people do with an agent's unfinished and failed work. Every change is one transaction; times are real. */
export interface OperatorStore {
  /** Newest first, those before `beforeId`. */
  letters(
    filter: LetterFilter,
    page: { readonly beforeId?: bigint | undefined; readonly limit: number },
  ): Promise<readonly StoredLetter[]>;
  letter(id: bigint): Promise<StoredLetter | undefined>;
  /** Largest group first. */
  groups(filter: LetterFilter, limit: number): Promise<readonly LetterGroup[]>;
  /** Keeps an edited value beside the original. False when the letter is not open or was edited meanwhile. */
  edit(id: bigint, edits: number, value: Buffer, by: string): Promise<boolean>;
  /** False when the letter is not open. */
  discard(id: bigint, by: string, why: string): Promise<boolean>;
  redrive(request: LetterRedrive): Promise<RedriveVerdict>;
  /**
   * Notes in the ledger what a person found out about an act; a letter of an act that is done is settled with it. False
   * when the letter is not open.
   */
  noteOutcome(outcome: NotedOutcome): Promise<boolean>;

  /** Open letters that match, and the last id among them. */
  countOpen(filter: LetterFilter): Promise<{ readonly count: number; readonly lastId: bigint }>;
  startRun(
    run: Pick<RedriveRun, 'filter' | 'ratePerS' | 'lettersMax' | 'total' | 'lastId' | 'askedBy'>,
  ): Promise<RedriveRun>;
  /** Newest first. */
  runs(limit: number): Promise<readonly RedriveRun[]>;
  redriveRun(id: bigint): Promise<RedriveRun | undefined>;
  /** Undefined when it does not run (to cancel) or is not cancelled (to resume). */
  setRunStatus(id: bigint, to: 'running' | 'cancelled'): Promise<RedriveRun | undefined>;
  /** The oldest run nobody else works on, leased. */
  takeRun(leaseMs: number): Promise<RedriveRun | undefined>;
  /** Open letters of a run that come next, oldest first. */
  lettersOfRun(run: RedriveRun, limit: number): Promise<readonly StoredLetter[]>;
  /** Notes how far this process has come; false when the run was cancelled or taken over. */
  advanceRun(id: bigint, progress: RunProgress): Promise<boolean>;

  /** Longest blocked first. */
  blockedKeys(limit: number): Promise<readonly BlockedKey[]>;
  /** Makes the first row of a blocked key due now, or unblocks a key without one. False when it is not blocked. */
  releaseKey(key: StateKey): Promise<boolean>;
  /** Moves the head or all rows of a key's queue to the discarded dead letters; the rest goes on. Returns how many. */
  dropFromKey(
    key: StateKey,
    which: 'head' | 'all',
    who: { readonly by: string; readonly why: string },
    letterOf: (row: PendingRow) => DeadLetter,
  ): Promise<number>;

  control(): Promise<ControlState>;
  /** Turns a switch on (who, why) or off (null). A switch that is on keeps who turned it on first. */
  setSwitch(
    name: SwitchName,
    to: { readonly by: string; readonly why: string } | null,
  ): Promise<ControlState>;
  /** Outside acts begun in the last so many milliseconds. */
  actsStartedWithin(ms: number): Promise<number>;
}
