import { SignalboxError } from '@signalbox/errors';
import type { Clock } from '../ports/clock.js';
import type { Registry } from '../registry.js';
import type { KillSwitches } from './kill-switches.js';
import type { OperatorStore, RedriveRun, RunProgress, StoredLetter } from './operator-store.js';
import { redriveLetter } from './redrive-letter.js';

const LEASE_MS = 10_000;
/** Letters redriven in one step, at most. */
const STEP_LETTERS_MAX = 250;
const STEP_EVERY_MS = 250;
/** While there is no run, one is looked for so often, whatever anybody tells. */
const LOOK_EVERY_MS = 10_000;
/** What a rate lets through at once after an idle time. */
const BURST_MS = 1_000;

/** Works off the redrive runs of an agent, one at a time over all its processes, at the rate each was given. */
export class RedriveWorker {
  private lastMs: number | undefined;
  private allowance = 0;
  private runId: bigint | undefined;
  private isIdle = false;
  /** How far a step came that could not be noted any more. */
  private unnoted: { readonly id: bigint; readonly progress: RunProgress } | undefined;

  constructor(
    private readonly store: OperatorStore,
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly switches: KillSwitches,
  ) {}

  /** Until the next step, in milliseconds, unless a run is asked for. */
  get pauseMs(): number {
    return this.isIdle ? LOOK_EVERY_MS : STEP_EVERY_MS;
  }

  /** Takes a run's lease and redrives as many of its letters as its rate allows since the last step. */
  async step(): Promise<void> {
    this.isIdle = this.switches.isPaused;
    if (this.isIdle) return;
    const run = this.asFarAsKnown(await this.store.takeRun(LEASE_MS));
    if (!run) {
      this.runId = undefined;
      this.isIdle = true;
      return;
    }
    const allowed = Math.min(this.allowed(run), run.lettersMax - run.redriven - run.refused);
    if (allowed < 1 && run.redriven + run.refused < run.lettersMax) return;
    const letters = await this.store.lettersOfRun(run, Math.max(0, allowed));
    let progress = progressOf(run, letters.length < allowed || allowed < 1);
    for (const letter of letters) {
      progress = await this.redrive(letter, run, progress);
      this.unnoted = { id: run.id, progress };
      this.allowance -= 1;
    }
    const isFull = progress.redriven + progress.refused >= run.lettersMax;
    await this.store.advanceRun(run.id, { ...progress, isDone: progress.isDone || isFull });
    this.unnoted = undefined;
  }

  /** What the step before did counts against the run's bound although the database could not be told of it. */
  private asFarAsKnown(run: RedriveRun | undefined): RedriveRun | undefined {
    const { unnoted } = this;
    if (!run || unnoted?.id !== run.id) return run;
    const { atId, redriven, refused, lastRefusal } = unnoted.progress;
    return { ...run, atId, redriven, refused, lastRefusal };
  }

  private async redrive(letter: StoredLetter, run: RedriveRun, before: RunProgress): Promise<RunProgress> {
    try {
      await redriveLetter(letter, run.askedBy, this.registry, this.store);
      return { ...before, atId: letter.id, redriven: before.redriven + 1 };
    } catch (error) {
      const isRefusal =
        error instanceof SignalboxError && ['redrive_refused', 'letter_not_open'].includes(error.code);
      if (!isRefusal) throw error; // the database is away: the step is repeated; a letter counts once
      return { ...before, atId: letter.id, refused: before.refused + 1, lastRefusal: error.message };
    }
  }

  private allowed(run: RedriveRun): number {
    const nowMs = this.clock.monotonicMs();
    if (this.runId !== run.id) {
      this.runId = run.id;
      this.allowance = 1;
    } else {
      const passedMs = Math.min(nowMs - (this.lastMs ?? nowMs), BURST_MS);
      this.allowance = Math.min(this.allowance + (passedMs * run.ratePerS) / 1_000, run.ratePerS);
    }
    this.lastMs = nowMs;
    return Math.min(Math.floor(this.allowance), STEP_LETTERS_MAX);
  }
}

const progressOf = (run: RedriveRun, isDone: boolean): RunProgress => ({
  atId: run.atId,
  redriven: run.redriven,
  refused: run.refused,
  lastRefusal: run.lastRefusal,
  isDone,
});
