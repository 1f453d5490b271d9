import { KeyCells, keyId } from '../chunk/key-cells.js';
import type { KeyRow, TimerCause, TimerWrite } from '../ports/store.js';
import type { StateKey } from '../state.js';

/** A timer that waits in a shadow run. */
export interface ShadowTimer {
  readonly key: StateKey;
  readonly name: string;
  readonly dueAt: Date;
  readonly payload: unknown;
  readonly setBy: TimerCause;
}

/** States and timers of a shadow run; gone with it. */
export class ShadowMemory {
  private readonly rows = new Map<string, KeyRow>();
  private readonly waiting = new Map<string, ShadowTimer>();

  /** The key a handler writes and the keys it only reads. */
  cells(key: StateKey, reads: readonly StateKey[]): KeyCells {
    return new KeyCells(
      [this.row(key)],
      reads.map((one) => this.row(one)),
    );
  }

  /** Keeps what a handler wrote. */
  keep(cells: KeyCells, timers: readonly TimerWrite[]): void {
    for (const { kind, value, state, stateVersion } of cells.writes()) {
      this.rows.set(keyId({ kind, value }), { ...this.row({ kind, value }), state, stateVersion });
    }
    for (const timer of timers) {
      if (timer.action === 'cancel') this.waiting.delete(timerId(timer));
      else this.waiting.set(timerId(timer), storedTimer(timer));
    }
  }

  timers(): ShadowTimer[] {
    return [...this.waiting.values()].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  removeTimer(timer: ShadowTimer): void {
    this.waiting.delete(timerId(timer));
  }

  private row(key: StateKey): KeyRow {
    const empty = { state: null, stateVersion: 0, blocked: false, lastOwner: null, lastChunk: 0n };
    return this.rows.get(keyId(key)) ?? { ...key, ...empty };
  }
}

/** As the database gives it back. */
function storedTimer({
  key,
  name,
  dueAt,
  payload,
  setBy,
}: Extract<TimerWrite, { action: 'set' }>): ShadowTimer {
  return { key, name, dueAt, payload: JSON.parse(JSON.stringify(payload)) as unknown, setBy };
}

const timerId = ({ key, name }: { key: StateKey; name: string }): string => `${keyId(key)}\n${name}`;
