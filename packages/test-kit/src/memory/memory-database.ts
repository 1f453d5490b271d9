import type { Random } from '@signalbox/agent-kit';
import { RowLocks } from './row-locks.js';
import { Session } from './session.js';
import { createTables } from './tables.js';
import type { VirtualClock } from './virtual-clock.js';

/** What the stores of one agent's processes share: tables, locks, sequences, listeners and the agent's clock. */
export class MemoryDatabase {
  readonly tables = createTables();
  readonly locks: RowLocks;
  readonly sessions = new Set<Session>();
  readonly listeners = new Set<() => void>();
  /** The agent's clock is the database's plus this, in milliseconds. */
  offsetMs = 0;
  private serial = 0n;
  private sessionsMade = 0;

  constructor(
    readonly clock: VirtualClock,
    readonly random: Random,
  ) {
    this.locks = new RowLocks(clock);
    this.empty();
  }

  /** Deletes all rows; numbers go on. */
  empty(): void {
    for (const table of Object.values(this.tables)) table.rows.clear();
    this.tables.sweeper.rows.set('one', { owner: null, leaseUntilMs: -Infinity });
  }

  /** The agent's time, in milliseconds since 1970. */
  nowMs(): number {
    return this.clock.nowMs() + this.offsetMs;
  }

  /** The next number of the one sequence all ids come from; a rollback leaves a gap. */
  next(): bigint {
    this.serial += 1n;
    return this.serial;
  }

  open(owner: string): Session {
    this.sessionsMade += 1;
    const session = new Session(this, owner, `${owner.slice(0, 4)}#${this.sessionsMade}`);
    this.sessions.add(session);
    return session;
  }

  /** Runs one statement in a transaction of its own. */
  async statement<T>(owner: string, run: (session: Session) => Promise<T>): Promise<T> {
    const session = this.open(owner);
    try {
      const result = await run(session);
      session.commit();
      return result;
    } catch (error) {
      session.rollback();
      throw error;
    }
  }

  /** The connections of a process are gone: its open transactions are undone. */
  disconnect(owner: string): void {
    for (const session of [...this.sessions]) if (session.owner === owner) session.terminate();
  }
}
