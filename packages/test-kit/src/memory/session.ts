import { SignalboxError } from '@signalbox/errors';
import type { LockHolder, RowLocks } from './row-locks.js';
import type { Table } from './table.js';

/** What a transaction needs of its database. */
interface Home {
  readonly locks: RowLocks;
  readonly clock: { nowMs(): number };
  readonly sessions: Set<Session>;
}

/** One transaction at READ COMMITTED: sees what is committed and its own writes; every write locks its row first. */
export class Session implements LockHolder {
  idleSinceMs: number | undefined;
  isEnded = false;
  private readonly writes = new Map<Table<object>, Map<string, object | undefined>>();
  private readonly atCommit: (() => void)[] = [];

  constructor(
    private readonly database: Home,
    /** The process it belongs to. */
    readonly owner: string,
    readonly name: string,
  ) {
    this.touch();
  }

  /** The row as this transaction sees it now. */
  get<R extends object>(table: Table<R>, id: string): R | undefined {
    const own = this.writes.get(table as unknown as Table<object>);
    return own?.has(id) ? (own.get(id) as R | undefined) : table.rows.get(id);
  }

  /** All rows it sees, in the order they were written. */
  all<R extends object>(table: Table<R>): R[] {
    const own = this.writes.get(table as unknown as Table<object>);
    if (!own || own.size === 0) return [...table.rows.values()];
    const merged = new Map<string, object | undefined>(table.rows);
    for (const [id, row] of own) merged.set(id, row);
    return [...merged.values()].filter((row) => row !== undefined) as R[];
  }

  /** Locks a row, waiting for its holder, and reads it as it is then; undefined when it is gone. */
  async lock<R extends object>(table: Table<R>, id: string): Promise<R | undefined> {
    await this.lockName(`${table.name}:${id}`);
    return this.get(table, id);
  }

  async lockName(name: string): Promise<void> {
    this.idleSinceMs = undefined;
    try {
      await this.database.locks.acquire(name, this);
    } finally {
      this.touch();
    }
    this.refuseEnded();
  }

  /** Takes the lock only when nobody else holds it. */
  async tryLock<R extends object>(table: Table<R>, id: string): Promise<boolean> {
    if (this.database.locks.isHeldByOther(`${table.name}:${id}`, this)) return false;
    await this.lock(table, id);
    return true;
  }

  put<R extends object>(table: Table<R>, row: R): void {
    this.write(table, table.idOf(row), row);
  }

  remove<R extends object>(table: Table<R>, id: string): void {
    this.write(table, id, undefined);
  }

  /** Called once the transaction is committed, as a notification is. */
  onCommit(callback: () => void): void {
    this.atCommit.push(callback);
  }

  commit(): void {
    this.refuseEnded();
    for (const [table, rows] of this.writes) {
      for (const [id, row] of rows) {
        if (row) table.rows.set(id, row);
        else table.rows.delete(id);
      }
    }
    this.end();
    for (const callback of this.atCommit) callback();
  }

  rollback(): void {
    this.end();
  }

  terminate(): void {
    this.end();
  }

  /** Each statement begins with this: a session that was ended answers with the database's own trouble. */
  refuseEnded(): void {
    if (this.isEnded)
      throw new SignalboxError('database_unavailable', 'the connection was terminated (57P01)');
    this.touch();
  }

  private touch(): void {
    this.idleSinceMs = this.database.clock.nowMs();
  }

  private end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.database.locks.releaseAll(this);
    this.database.sessions.delete(this);
  }

  private write<R extends object>(table: Table<R>, id: string, row: R | undefined): void {
    this.refuseEnded();
    const key = table as unknown as Table<object>;
    const own = this.writes.get(key) ?? new Map<string, object | undefined>();
    this.writes.set(key, own);
    own.set(id, row);
  }
}
