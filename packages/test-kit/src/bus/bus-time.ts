import { setImmediate as turn } from 'node:timers/promises';
import { ExpectationError } from '../given/expectation-error.js';
import type { VirtualClock } from '../memory/virtual-clock.js';

/** Steps in which everything must have come to rest. */
const STEPS_MAX = 200_000;
/** Due times passed in one advance, at most: timers that set each other without end stop here. */
const STOPS_MAX = 100_000;

/** What time is asked to move, and how it learns that nothing is to be done at the present time. */
interface Inhabitants {
  unfinished(): readonly string[];
  /** An outside call is at work: real time is given to it before virtual time moves on. */
  areCallsAtWork(): boolean;
  nextDueMs(): number | undefined;
  /** The agents' clocks follow. */
  setTime(): void;
}

/**
 * The time of a bus. The agents' clock moves only when told, and stops at every due time on the way; polls, back-off and
 * leases have a clock of their own that goes on as far as it must until nothing is to be done.
 */
export class BusTime {
  constructor(
    private readonly clock: VirtualClock,
    private readonly inhabitants: Inhabitants,
    /** Real milliseconds an outside call gets before virtual time passes for it. */
    private readonly callMsMax: number,
    private agentMs = clock.nowMs(),
  ) {}

  get nowMs(): number {
    return this.agentMs;
  }

  /** Lets everything happen that can happen at the present time. */
  async settle(): Promise<void> {
    for (let steps = 0; ; steps += 1) {
      await turn(); // every promise that can go on has gone on
      const left = this.inhabitants.unfinished();
      if (left.length === 0) return;
      if (this.callMsMax > 0) await this.giveRealTime();
      if (steps > STEPS_MAX) throw new ExpectationError(`the bus does not come to rest:\n${left.join('\n')}`);
      this.clock.wakeNext(this.clock.nextWakeMs ?? this.clock.nowMs());
      this.inhabitants.setTime();
    }
  }

  /** Moves the agents' clock to `toMs`, stops at each due time on the way and lets happen what is due. */
  async advanceTo(toMs: number): Promise<void> {
    if (Number.isNaN(toMs)) throw new ExpectationError('this is no time');
    if (toMs < this.agentMs) throw new ExpectationError('the clock of a bus does not go back');
    await this.settle();
    for (let stops = 0; stops < STOPS_MAX; stops += 1) {
      const dueMs = this.inhabitants.nextDueMs();
      if (dueMs === undefined || dueMs > toMs) return this.moveTo(toMs);
      await this.moveTo(dueMs);
    }
    throw new ExpectationError(`more than ${STOPS_MAX} due times: work sets itself without end`);
  }

  private async moveTo(ms: number): Promise<void> {
    this.clock.jumpTo(this.clock.nowMs() + ms - this.agentMs);
    this.agentMs = ms;
    this.inhabitants.setTime();
    await this.settle();
  }

  private async giveRealTime(): Promise<void> {
    const untilMs = performance.now() + this.callMsMax;
    while (this.inhabitants.areCallsAtWork() && performance.now() < untilMs) await turn();
  }
}
