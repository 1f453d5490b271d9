import type { PendingKind } from '../ports/store.js';
import type { ControlState, OperatorStore } from './operator-store.js';

const HOUR_MS = 3_600_000;
const OFF: ControlState = { paused: null, effectsHeld: null };

type SwitchStore = Pick<OperatorStore, 'control' | 'actsStartedWithin'>;

/** What the pending engine may take now. */
export interface OpenWork {
  readonly kinds: readonly PendingKind[];
  /** Rows at most. */
  readonly limit: number;
}

/** The agent's kill switches as this process last read them, and the cap on outside acts. */
export class KillSwitches {
  private state = OFF;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly store: SwitchStore | undefined,
    /** Outside acts begun in any hour, over all processes; a few more when several take jobs at one moment. */
    private readonly effectsPerHourMax = Infinity,
  ) {}

  get isPaused(): boolean {
    return this.state.paused !== null;
  }

  get areEffectsHeld(): boolean {
    return this.state.effectsHeld !== null;
  }

  /** Reads the switches; true when one of them changed. Rejects when the database is away; then they stay as they were. */
  async refresh(): Promise<boolean> {
    if (!this.store) return false;
    const before = this.state;
    this.state = await this.store.control();
    if (!this.isPaused) {
      for (const goOn of this.waiting) goOn();
      this.waiting.clear();
    }
    return (
      (before.paused === null) === this.isPaused || (before.effectsHeld === null) === this.areEffectsHeld
    );
  }

  /** Resolves once the agent is not paused, or when the signal aborts. */
  async untilResumed(signal: AbortSignal): Promise<void> {
    if (!this.isPaused || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        signal.removeEventListener('abort', goOn);
        this.waiting.delete(goOn);
        resolve();
      };
      this.waiting.add(goOn);
      signal.addEventListener('abort', goOn, { once: true });
    });
  }

  /**
   * Narrows what the pending engine takes: nothing while paused, no jobs while effects are held or the cap is reached.
   * `atWork` are the jobs this process has taken and not ended, which may not stand among the acts begun yet.
   */
  async open(kinds: readonly PendingKind[], limit: number, atWork = 0): Promise<OpenWork> {
    if (this.isPaused) return { kinds: [], limit: 0 };
    if (!kinds.includes('job')) return { kinds, limit };
    const others = { kinds: kinds.filter((kind) => kind !== 'job'), limit };
    if (this.areEffectsHeld) return others;
    if (this.effectsPerHourMax === Infinity || !this.store) return { kinds, limit };
    const begun = await this.store.actsStartedWithin(HOUR_MS);
    const left = this.effectsPerHourMax - begun - atWork;
    return left > 0 ? { kinds, limit: Math.min(limit, left) } : others;
  }
}
