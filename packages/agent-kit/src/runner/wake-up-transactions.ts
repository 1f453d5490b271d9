import { ClaimLostError } from '../chunk/chunk.js';
import type { WokenRowTaker } from '../pending/woken-rows.js';
import { allAnswers } from '../ports/all-answers.js';
import {
  CommitUnknownError,
  type FenceRequest,
  type PendingRow,
  type StoreTransaction,
  type WakeUp,
} from '../ports/store.js';
import type { RunnerPorts } from './ports.js';

/** Wake-ups of one transaction, when there are several partitions to go together. */
const TOGETHER_MAX = 500;

/** How far a partition of a retry topic gets, and the work its records wake. */
export interface WakeUpStep {
  readonly fence: FenceRequest;
  readonly wakeUps: readonly WakeUp[];
}

interface WaitingStep extends WakeUpStep {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The transactions in which the retry topics of a process wake work, one at a time: steps of other partitions that come
 * while one is begun or under way go together, and so does the work they wake.
 */
export class WakeUpTransactions {
  private readonly waiting: WaitingStep[] = [];
  private isWorking = false;
  private asked: Promise<Date> | undefined;

  constructor(
    private readonly ports: Pick<RunnerPorts, 'store' | 'wakePending'>,
    /** Takes the rows that are woken; left out: they become due. */
    private readonly woken?: WokenRowTaker,
  ) {}

  /** The agent's time; who asks while an answer is under way gets that one, which is never too late a time. */
  now(): Promise<Date> {
    this.asked ??= this.ports.store.now().finally(() => (this.asked = undefined));
    return this.asked;
  }

  /** Rejects with `ClaimLostError` when another process has the partition; the other steps are taken all the same. */
  take(step: WakeUpStep): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ ...step, done, failed });
      if (!this.isWorking) void this.workOff();
    });
  }

  private async workOff(): Promise<void> {
    this.isWorking = true;
    try {
      while (this.waiting.length > 0) await this.next();
    } finally {
      this.isWorking = false;
    }
  }

  private async next(): Promise<void> {
    let tx: StoreTransaction;
    try {
      tx = await this.ports.store.begin();
    } catch (error) {
      for (const { failed } of this.waiting.splice(0)) failed(error);
      return;
    }
    // Only now: what came while it was begun goes with it.
    const steps = this.waiting.splice(0, this.together());
    await this.settle(steps, () => this.commit(tx, steps));
  }

  /** How many of the waiting steps fit into one transaction. */
  private together(): number {
    let wakeUps = 0;
    const tooMany = this.waiting.findIndex((step) => (wakeUps += step.wakeUps.length) > TOGETHER_MAX);
    return tooMany === -1 ? this.waiting.length : Math.max(1, tooMany);
  }

  private async settle(
    steps: readonly WaitingStep[],
    commit: () => Promise<ReadonlySet<WakeUpStep>>,
  ): Promise<void> {
    try {
      const taken = await commit();
      for (const step of steps) {
        if (taken.has(step)) step.done();
        else step.failed(new ClaimLostError(step.fence));
      }
    } catch (error) {
      if (steps.length === 1 || error instanceof CommitUnknownError) return fail(steps, error);
      // Nothing is written: whatever is in the way of one partition must not hold up the others.
      await Promise.all(steps.map((step) => this.settle([step], () => this.alone(step))));
    }
  }

  private async alone(step: WaitingStep): Promise<ReadonlySet<WakeUpStep>> {
    return this.commit(await this.ports.store.begin(), [step]);
  }

  /** The steps whose partitions are still ours, which are committed. */
  private async commit(
    tx: StoreTransaction,
    steps: readonly WaitingStep[],
  ): Promise<ReadonlySet<WakeUpStep>> {
    let taken: readonly WaitingStep[];
    let wakeUps: readonly WakeUp[];
    let leased: readonly PendingRow[];
    try {
      const inOrder = [...steps].sort(byPartition);
      const fenced = await allAnswers(inOrder.map(({ fence }) => tx.fence(fence)));
      taken = inOrder.filter((_, at) => fenced[at] !== undefined);
      wakeUps = taken.flatMap((step) => step.wakeUps);
      if (taken.length > 0) leased = await tx.wake(wakeUps, this.woken?.leaseMsFor(wakeUps.length));
      else leased = [];
    } catch (error) {
      await tx.rollback();
      throw error;
    }
    if (taken.length === 0) await tx.rollback();
    else await this.end(tx, leased);
    if (leased.length < wakeUps.length) this.ports.wakePending();
    return new Set(taken);
  }

  private async end(tx: StoreTransaction, leased: readonly PendingRow[]): Promise<void> {
    await tx.commit().catch((error: unknown) => {
      // Their leases tell whether it happened.
      if (error instanceof CommitUnknownError) this.woken?.take(leased);
      throw error;
    });
    this.woken?.take(leased);
  }
}

function fail(steps: readonly WaitingStep[], error: unknown): void {
  for (const { failed } of steps) failed(error);
}

/** All who lock several partitions' progress do it in one order. */
const byPartition = ({ fence: a }: WakeUpStep, { fence: b }: WakeUpStep): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;
