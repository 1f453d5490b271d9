import { SignalboxError } from '@signalbox/errors';
import type { StateKey } from '../state.js';
import type {
  ActStart,
  ActVerdict,
  ClaimDueRequest,
  Lease,
  NextDue,
  ParkedCounts,
  PendingInsert,
  PendingKind,
  PendingRow,
  PendingSettlement,
  QueueOfKey,
  TimerWrite,
  WakeUp,
} from './pending.js';
import type { OutgoingRecord, RawRecord, TopicPartition } from './records.js';

export type {
  ActEnd,
  ActStart,
  ActVerdict,
  ClaimDueRequest,
  FiringChain,
  Lease,
  NextDue,
  ParkedCounts,
  PendingInsert,
  PendingKind,
  PendingPostponement,
  PendingRow,
  PendingSettlement,
  QueueOfKey,
  TimerCause,
  TimerWrite,
  WakeUp,
} from './pending.js';
export type { RawRecord } from './records.js';

/** A 128-bit hash, 16 bytes. */
export type Hash16 = Buffer;

/** What an owner of a partition holds. Every later write is fenced by `epoch`. */
export interface Claim {
  readonly nextOffset: bigint;
  readonly epoch: bigint;
  /** The last handled record, to notice a topic that was made anew; absent before the first. */
  readonly last?: LastRecord;
  /** How often the partition was claimed at this offset from an owner that did not let go of it. */
  readonly claimsUnchanged: number;
}
export interface LastRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly hash: Hash16;
}

/** Moves the progress of a partition inside a transaction; matches only while the claim holds. */
export interface FenceRequest extends TopicPartition {
  readonly epoch: bigint;
  readonly expectedOffset: bigint;
  readonly nextOffset: bigint;
  readonly last?: LastRecord;
}
export interface FenceResult {
  /** Number of this transaction's chunk, ascending. */
  readonly chunk: bigint;
  /** The agent's clock. */
  readonly now: Date;
}

/** An event the agent takes responsibility for. */
export interface InboxRow {
  readonly identity: Hash16;
  readonly fingerprint: Hash16;
  readonly outcome: 'taken' | 'skipped';
}
/** `taken` = new; `duplicate` = known with the same content; `conflict` = known with another content. */
export type InboxVerdict = 'taken' | 'duplicate' | 'conflict';

/** The row of a state key, locked by the transaction that read it (unless read as a snapshot). */
export interface KeyRow extends StateKey {
  /** State as stored JSON, or null when there is none. */
  readonly state: string | null;
  readonly stateVersion: number;
  /** Later events of this key are parked while true. */
  readonly blocked: boolean;
  /** Highest chunk that wrote outbox rows for this key, and the process that did it last. */
  readonly lastChunk: bigint;
  readonly lastOwner: string | null;
}
export interface KeyWrite extends StateKey {
  readonly state: string | null;
  readonly stateVersion: number;
  /** Whether the state differs from the stored one. */
  readonly changed: boolean;
  /** Whether this chunk writes outbox rows for the key. */
  readonly emitted: boolean;
  readonly blocked: boolean;
}

export interface DeadLetter {
  readonly handler: string | null;
  readonly key: StateKey | null;
  readonly source: string | null;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly correlationId: string | null;
  readonly errorCode: string;
  /** At most 1,000 characters. */
  readonly errorMessage: string;
  /** Groups dead letters of one cause: hash of code, normalised message and handler. */
  readonly fingerprint: string;
  readonly attempts: number;
  /** Its place in its key's queue, where it had one; left out: the next. */
  readonly sequence?: bigint;
  /** How often it was redriven before. */
  readonly redrives: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly codeVersion: string;
  readonly record: RawRecord;
}

/** Records of one chunk for one destination partition. */
export interface OutboxInsert extends TopicPartition {
  readonly records: readonly OutgoingRecord[];
  /** The same records in stored form. */
  readonly encoded: Buffer;
}
export interface OutboxRow extends TopicPartition {
  readonly id: bigint;
  readonly chunk: bigint;
  readonly owner: string;
  readonly encoded: Buffer;
}

/** Everything a chunk writes beside progress and inbox. */
export interface ChunkWrites {
  readonly chunk: bigint;
  /** The input partition the chunk came from; null for work from the pending table. */
  readonly origin: TopicPartition | null;
  readonly keys: readonly KeyWrite[];
  readonly pending: readonly PendingInsert[];
  readonly timers: readonly TimerWrite[];
  readonly deadLetters: readonly DeadLetter[];
  readonly outbox: readonly OutboxInsert[];
  /** Outbox rows the broker has acknowledged: deleted here. */
  readonly acknowledged: readonly bigint[];
}

/**
 * One transaction at READ COMMITTED. Locks are taken in the order of these methods, in every kind of transaction:
 * progress, inbox (sorted), keys (sorted), then what belongs to a key.
 *
 * A method may be called before the one before it has answered: they are carried out in the order of the calls, and after
 * one that failed all others fail until `rollback`.
 */
export interface StoreTransaction {
  /** Undefined when the claim is lost: another owner has the partition. */
  fence(request: FenceRequest): Promise<FenceResult | undefined>;
  /** For work that comes from the pending table and has no partition to fence. */
  openChunk(): Promise<FenceResult>;
  /** One verdict per row, in the order given. No identity may occur twice. */
  takeResponsibility(rows: readonly InboxRow[]): Promise<readonly InboxVerdict[]>;
  /** Locks the rows of these keys, in sorted order; one row per key, in the order given, except where `mode` says so. */
  lockKeys(keys: readonly StateKey[], mode?: LockMode): Promise<readonly KeyRow[]>;
  /**
   * Unpublished rows that other processes wrote up to the latest of these chunks, and what they wrote before those rows
   * under a higher chunk; in the order written.
   */
  outboxOfChunks(chunks: readonly bigint[]): Promise<readonly OutboxRow[]>;
  /** Reads keys without a lock; absent keys are left out. */
  readKeys(keys: readonly StateKey[]): Promise<readonly KeyRow[]>;
  /**
   * Locks claimed pending rows, in the order of their ids, and gives the ids of those still held; the others were
   * cancelled, moved or claimed by another meanwhile.
   */
  takePending(leases: readonly Lease[]): Promise<ReadonlySet<bigint>>;
  /**
   * Unfinished rows of keys in order, the first `limit` of each: retries, parked events, redrives and queued firings. The
   * rows in `except`, which the caller knows, are left out and count for nothing.
   */
  queuesOfKeys(
    keys: readonly StateKey[],
    limit: number,
    except?: readonly bigint[],
  ): Promise<readonly PendingRow[]>;
  /** Writes what became of taken rows and how outside acts ended: one statement for each sort of end. */
  settlePending(settlement: PendingSettlement): Promise<void>;
  /**
   * Makes the first unfinished row of each key due now, unless it has its time already; gives the keys that have one.
   * Queued firings of the timers named are left out: this transaction cancels or moves them.
   */
  makeNextDue(queues: readonly QueueOfKey[]): Promise<readonly StateKey[]>;
  /** Those of these dead-letter fingerprints of which no dead letter is open; one transaction at a time is told so. */
  newFingerprints(fingerprints: readonly string[]): Promise<readonly string[]>;
  /**
   * Makes rows that a retry topic's records name run now, if they still wait for that attempt. With `leaseMs` those that
   * are due and were never begun are leased to this process, their start counted, and given back to be run after the
   * commit; should it never come to that, they are taken at their `claimAt`. The others become due.
   */
  wake(wakeUps: readonly WakeUp[], leaseMs?: number): Promise<readonly PendingRow[]>;
  /** Ids of the outbox rows, in the order given. Rejects with `KeyMadeMeanwhileError` after a lock with `make-later`. */
  write(writes: ChunkWrites): Promise<readonly bigint[]>;
  /** Rejects with `CommitUnknownError` when the connection was lost during COMMIT. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/**
 * What becomes of a key that is missing, or held by another transaction: `wait` (default) makes the one and waits for
 * the other; `leave` makes the one and leaves the other out; `make-later` waits, and lets `write` make missing keys, which
 * rejects when another transaction was first. That saves a row version for each new key, and is for transactions that
 * can be run again as a whole.
 */
export type LockMode = 'wait' | 'leave' | 'make-later';

/** How far the agent is on its inputs. */
export interface InputProgress {
  readonly partitions: readonly (TopicPartition & { readonly nextOffset: bigint })[];
  /** When the oldest unpublished record to the agent's own internal topic was committed. */
  readonly oldestInternalAt: Date | null;
}

/**
 * The agent's database. Obligations: an error of the database itself (connection, serialisation, lock time-out,
 * resources, shutdown: SQLSTATE 08, 40, 53, 55P03, 57) rejects with code `database_unavailable`; what is the data's
 * own fault (22, 23) rejects with another error.
 */
export interface Store {
  /**
   * Takes a partition over: waits for an old owner's open transaction, then fences it. Undefined when the topic
   * has no progress yet (see `startTopic`).
   */
  claim(partition: TopicPartition): Promise<Claim | undefined>;
  /**
   * First progress rows of a topic. `offsets` are used when the agent has no row for any partition of the topic;
   * partitions that came later begin at `later`. Rows that exist stay.
   */
  startTopic(
    topic: string,
    offsets: ReadonlyMap<number, bigint>,
    later: ReadonlyMap<number, bigint>,
  ): Promise<void>;
  /** Moves a claimed partition, after its topic was made anew or trimmed. False when the claim is lost. */
  reposition(partition: TopicPartition, epoch: bigint, offset: bigint): Promise<boolean>;
  /** Reads a claim again after an unclear COMMIT: the offset now stored, or undefined when the claim is lost. */
  confirm(partition: TopicPartition, epoch: bigint): Promise<bigint | undefined>;
  /** Lets go of partitions on purpose, so that the next claim is not counted as a crash. */
  release(partitions: readonly TopicPartition[]): Promise<void>;
  begin(): Promise<StoreTransaction>;
  /**
   * Unpublished rows that other processes wrote while they owned this input partition, and what the same processes
   * wrote before those; oldest first.
   */
  outboxOfPartition(origin: TopicPartition): Promise<readonly OutboxRow[]>;
  /** Rows older than `olderThanMs`, oldest first, when this process holds the sweeper's lease; else none. */
  outboxToSweep(olderThanMs: number, leaseMs: number, limit: number): Promise<readonly OutboxRow[]>;
  deleteOutbox(ids: readonly bigint[]): Promise<void>;
  /** Those of these outbox rows that are committed and not deleted. */
  storedOutbox(ids: readonly bigint[]): Promise<readonly bigint[]>;
  /** Leases due rows (oldest first; of jobs only the head of each key) in a commit of its own and counts a start. */
  claimDue(request: ClaimDueRequest): Promise<readonly PendingRow[]>;
  /** Prolongs nothing: gives claimed rows back unrun, to be taken from their due time on. */
  unclaim(leases: readonly Lease[]): Promise<void>;
  /** How far the agent is on these topics and whether records to `internalTopic` are unpublished. */
  inputProgress(topics: readonly string[], internalTopic: string): Promise<InputProgress>;
  /** The agent's clock. */
  now(): Promise<Date>;
  /**
   * Notes, in a commit of its own, that the record at this offset is about to be handled alone; returns how often
   * that happened without a result. Undefined when the claim is lost.
   */
  markSuspect(partition: TopicPartition, epoch: bigint, offset: bigint): Promise<number | undefined>;
  /** Takes one mark back: the process that made it is alive. */
  unmarkSuspect?(partition: TopicPartition, offset: bigint): Promise<void>;
  /** When a row of these kinds falls due that is not due yet, and whether timers are due that nobody has taken. */
  nextDue(kinds: readonly PendingKind[]): Promise<NextDue>;
  /** How many events are parked behind failed ones: in all, and of the key with most. Counts up to the limits given. */
  parkedCounts?(totalMax: number, perKeyMax: number): Promise<ParkedCounts>;
  /** Commits that outside acts begin, before they do. One verdict each, in the order given. */
  startActs(acts: readonly ActStart[]): Promise<readonly ActVerdict[]>;
  /**
   * Calls `onWork` when rows were written to the pending table by any process or the agent's clock was set, and `onOrders`
   * when a person changed a switch or asked for a redrive; both when something may have been missed. Returns how to stop.
   */
  onPending(onWork: () => void, onOrders?: () => void): Promise<() => Promise<void>>;
  /** Rejects with `database_unavailable` when the database does not answer within a second. */
  ping(): Promise<void>;
}

/** Another transaction has made a key that was missing: decide again, with what it wrote. */
export class KeyMadeMeanwhileError extends SignalboxError {
  constructor() {
    super('database_unavailable', 'another transaction has made one of the keys first');
    this.name = 'KeyMadeMeanwhileError';
  }
}

/** COMMIT was sent and its answer lost: read the progress again to learn what happened. */
export class CommitUnknownError extends Error {
  constructor(cause: unknown) {
    super('the connection was lost during COMMIT', { cause });
    this.name = 'CommitUnknownError';
  }
}
