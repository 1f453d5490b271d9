import type { PendingKind, OutboxRow } from './store.js';
import type { StateKey } from '../state.js';

/** What the inbox has forgotten. */
export interface Forgotten {
  readonly deleted: number;
  /** Ids of records written before this time may be forgotten; null: none was ever. */
  readonly until: Date | null;
}

/** How much waits in the agent's database. */
export interface StoreMeasures {
  /** Rows of the pending table by kind; of more than 100,000 a kind, that many. */
  readonly pending: Readonly<Partial<Record<PendingKind, number>>>;
  /** How far the longest overdue retry, redrive or job is behind its time, in milliseconds; 0 when none is. */
  readonly overdueMs: number;
  /** The same for timers. */
  readonly timerLagMs: number;
  /** Age of the oldest unpublished outbox row, in milliseconds; 0 when there is none. */
  readonly outboxAgeMs: number;
  readonly deadLettersOpen: number;
  /** Jobs that wait or are at work, by destination: of the first 100,000 jobs, the 50 destinations with most. */
  readonly jobsByDestination: Readonly<Record<string, number>>;
}

/** Keeps an agent's tables small and tells how they are. Rejects like the store. */
export interface Upkeep {
  /**
   * Deletes at most `limit` inbox rows older than `windowMs` and tells until when ids may be forgotten: the youngest row
   * ever deleted, so that after a long outage nothing counts as forgotten that never was known.
   */
  forgetInbox(windowMs: number, limit: number): Promise<Forgotten>;
  /**
   * Looks at the next `limit` keys after `after` and deletes those without state, queue and unpublished records. Returns
   * where to go on; undefined at the end.
   */
  dropEmptyKeys(after: StateKey | undefined, limit: number): Promise<StateKey | undefined>;
  /** This process's own rows older than `olderThanMs`, without those it knows about; oldest first. */
  orphanedOutbox(olderThanMs: number, known: readonly bigint[], limit: number): Promise<readonly OutboxRow[]>;
  measure(): Promise<StoreMeasures>;
}
