import type { SeededRandom, VirtualClock } from '@signalbox/test-kit';
import { setImmediate } from 'node:timers/promises';

/** One thing that may happen next: a request that arrives, an answer that comes back, a callback. */
export interface Step {
  readonly owner: StepOwner;
  readonly name: string;
  readonly run: () => void;
}
export interface StepOwner {
  readonly name: string;
  readonly isDead: boolean;
  readonly isFrozen: boolean;
}

const TRACE_LINES_MAX = 400;

/**
 * Decides what happens next, from the seed alone: all waiting steps are equally likely, and now and then time passes
 * although there is work. Nothing else in a simulation is asynchronous, so the same seed gives the same run.
 */
export class Scheduler {
  private steps: Step[] = [];
  private readonly lines: string[] = [];
  taken = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly clock: VirtualClock,
    private readonly startMs = clock.nowMs(),
  ) {}

  /** Adds a step; now and then it is held up for a while first. */
  add(step: Step): void {
    if (this.random.chance(0.01)) {
      void this.clock.sleep(this.random.below(1_500)).then(() => this.steps.push(step));
    } else this.steps.push(step);
  }

  trace(text: string): void {
    this.lines.push(`${((this.clock.nowMs() - this.startMs) / 1_000).toFixed(3)} ${text}`);
    if (this.lines.length > TRACE_LINES_MAX) this.lines.shift();
  }

  /** The last things that happened. */
  get history(): readonly string[] {
    return this.lines;
  }

  /** Runs until `isDone` holds at a moment when nothing is to be done, or `untilMs` is reached. */
  async run(untilMs: number, isDone: () => boolean, beforeStep: (step: Step) => boolean): Promise<boolean> {
    for (;;) {
      await setImmediate(); // every promise that can go on has gone on
      this.steps = this.steps.filter(({ owner }) => !owner.isDead);
      const ready = this.steps.filter(({ owner }) => !owner.isFrozen);
      const step = ready[this.random.below(ready.length)];
      if (step && !this.random.chance(0.005)) {
        this.steps.splice(this.steps.indexOf(step), 1);
        this.taken += 1;
        if (beforeStep(step)) {
          this.trace(`${step.owner.name} ${step.name}`);
          step.run();
        }
        continue;
      }
      if (ready.length === 0 && isDone()) return true;
      if (this.clock.nowMs() >= untilMs) return false;
      this.clock.wakeNext(untilMs);
    }
  }
}
