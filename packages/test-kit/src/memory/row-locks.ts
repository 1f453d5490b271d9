import { SignalboxError } from '@signalbox/errors';
import type { VirtualClock } from './virtual-clock.js';

const LOCK_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 10_000;

/** Who holds locks: an open transaction. */
export interface LockHolder {
  readonly name: string;
  /** When it last asked for anything, in milliseconds since 1970; undefined while it waits itself. */
  idleSinceMs: number | undefined;
  /** The server ends it: what it did is undone and its locks are free. */
  terminate(): void;
}

interface Waiter {
  readonly holder: LockHolder;
  readonly grant: () => void;
}

/**
 * Row locks by name, first come first served. A circle of waiters is refused at once, a wait ends after 5 s, and who
 * holds what others wait for and does nothing for 10 s is ended: as the database is set up for the kit.
 */
export class RowLocks {
  private readonly holders = new Map<string, LockHolder>();
  private readonly waiters = new Map<string, Waiter[]>();
  private readonly waitsFor = new Map<LockHolder, string>();
  /** Circles found so far: the kit's order of locks promises none. */
  deadlocks: string[] = [];

  constructor(private readonly clock: VirtualClock) {}

  isHeldByOther(name: string, holder: LockHolder): boolean {
    const held = this.holders.get(name);
    return held !== undefined && held !== holder;
  }

  /** Waits for the lock; rejects with `database_unavailable` (deadlock, lock time-out). */
  async acquire(name: string, holder: LockHolder): Promise<void> {
    const held = this.holders.get(name);
    if (held === holder) return;
    if (!held) {
      this.holders.set(name, holder);
      return;
    }
    this.refuseCircle(name, holder);
    await this.wait(name, holder);
  }

  releaseAll(holder: LockHolder): void {
    this.forget(holder);
    for (const [name, held] of [...this.holders]) {
      if (held !== holder) continue;
      const next = this.waiters.get(name)?.shift();
      if (next) {
        this.holders.set(name, next.holder);
        next.grant();
      } else this.holders.delete(name);
    }
  }

  private forget(holder: LockHolder): void {
    const name = this.waitsFor.get(holder);
    if (name === undefined) return;
    this.waitsFor.delete(holder);
    const waiting = this.waiters.get(name) ?? [];
    this.waiters.set(
      name,
      waiting.filter((waiter) => waiter.holder !== holder),
    );
  }

  private refuseCircle(name: string, holder: LockHolder): void {
    const path = [holder.name];
    let next = this.holders.get(name);
    while (next) {
      path.push(`${next.name}`);
      if (next === holder) {
        this.deadlocks.push(`${path.join(' waits for ')} (${name})`);
        throw new SignalboxError('database_unavailable', 'deadlock detected (40P01)');
      }
      const further = this.waitsFor.get(next);
      next = further === undefined ? undefined : this.holders.get(further);
    }
  }

  private async wait(name: string, holder: LockHolder): Promise<void> {
    const waiting = new AbortController();
    const list = this.waiters.get(name) ?? [];
    this.waiters.set(name, list);
    this.waitsFor.set(holder, name);
    let isGranted = false;
    const granted = new Promise<void>((resolve) => {
      const grant = (): void => {
        isGranted = true;
        this.waitsFor.delete(holder);
        waiting.abort();
        resolve();
      };
      list.push({ holder, grant });
    });
    void this.watch(name, waiting.signal);
    await Promise.race([granted, this.clock.sleep(LOCK_TIMEOUT_MS, waiting.signal)]);
    if (isGranted) return;
    this.forget(holder);
    waiting.abort();
    throw new SignalboxError('database_unavailable', 'canceling statement due to lock timeout (55P03)');
  }

  /** Ends a holder that does nothing while others wait. */
  private async watch(name: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const held = this.holders.get(name);
      if (!held) return;
      const idleMs = held.idleSinceMs === undefined ? 0 : this.clock.nowMs() - held.idleSinceMs;
      if (idleMs >= IDLE_TIMEOUT_MS) held.terminate();
      else await this.clock.sleep(IDLE_TIMEOUT_MS - idleMs, signal);
    }
  }
}
