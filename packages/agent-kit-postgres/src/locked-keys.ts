import type { KeyRow, StateKey } from '@signalbox/agent-kit';

const idOf = ({ kind, value }: StateKey): string => `${kind}\n${value}`;

/** What a transaction has learnt of the keys it locked, or found missing. */
export class LockedKeys {
  private readonly missing = new Set<string>();
  private hasLocked = false;
  private hasBlocked = false;
  private asked: StateKey | undefined;
  private answer = false;

  /** The rows in the order of the keys. */
  add(keys: readonly StateKey[], found: readonly KeyRow[]): KeyRow[] {
    const rows = this.note(found);
    return keys.flatMap((key) => rows.get(idOf(key)) ?? []);
  }

  /** The same with empty rows for those that are missing. */
  addOrMiss(keys: readonly StateKey[], found: readonly KeyRow[]): KeyRow[] {
    this.asked = undefined;
    const rows = this.note(found);
    const all: KeyRow[] = [];
    for (const key of keys) {
      const id = idOf(key);
      const row = rows.get(id);
      if (!row) this.missing.add(id);
      all.push(row ?? emptyRow(key));
    }
    return all;
  }

  private note(found: readonly KeyRow[]): Map<string, KeyRow> {
    this.hasLocked = true;
    const rows = new Map<string, KeyRow>();
    for (const row of found) {
      this.hasBlocked ||= row.blocked;
      rows.set(idOf(row), row);
    }
    return rows;
  }

  get missingCount(): number {
    return this.missing.size;
  }

  /** Timers of one event name the same object: the answer is remembered for it. */
  isMissing(key: StateKey): boolean {
    if (this.missing.size === 0) return false;
    if (key !== this.asked) {
      this.asked = key;
      this.answer = this.missing.has(idOf(key));
    }
    return this.answer;
  }

  /** Only a key that was blocked when it was locked can have a queue. */
  get mayHaveQueues(): boolean {
    return this.hasBlocked || !this.hasLocked;
  }
}

const emptyRow = ({ kind, value }: StateKey): KeyRow => ({
  kind,
  value,
  state: null,
  stateVersion: 0,
  blocked: false,
  lastChunk: 0n,
  lastOwner: null,
});
