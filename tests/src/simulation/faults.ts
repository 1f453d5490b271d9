import type { SeededRandom, VirtualClock } from '@signalbox/test-kit';

export type CallFault = 'lost_request' | 'lost_answer' | undefined;

/** What the network may do to a call; the others cannot fail by their nature, or a failure means nothing. */
const FRAGILE = /^(tx\.(?!rollback)|store\.(?!onPending)|producer\.send|inspector\.)/;

/** How often what goes wrong; each run draws its own. */
interface Weather {
  readonly call: number;
  readonly commit: number;
  readonly send: number;
  readonly crash: number;
  readonly freeze: number;
  readonly rebalance: number;
}

/** A process to which something may happen, and the world it happens in. */
interface Victim {
  readonly name: string;
  freeze(ms: number): Promise<void>;
  expire(): void;
}
interface Scene<P> {
  readonly scheduler: { trace(line: string): void };
  hasSuspect(marks: number): boolean;
  restart(process: P): void;
}

/** Marks of a suspect from which on no process is killed. */
const SUSPECT_MARKS_SPARED = 2;

/** Decides from the seed which call is lost, which process dies or stands still, and when the group changes. */
export class Faults {
  private readonly weather: Weather;
  private left = 40;
  isOver = false;
  private brokerAwayUntilMs = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly clock: VirtualClock,
  ) {
    const often = (base: number): number => base * (random.chance(0.3) ? 0 : random.fraction() * 2);
    this.weather = {
      call: often(0.002),
      commit: random.chance(0.5) ? 0 : often(0.02),
      send: often(0.03),
      crash: often(0.001),
      freeze: often(0.0006),
      rebalance: often(0.0008),
    };
  }

  /** The fate of a call. */
  of(point: string): CallFault {
    if (this.isOver || !FRAGILE.test(point)) return undefined;
    if (point === 'producer.send' && this.clock.nowMs() < this.brokerAwayUntilMs) return 'lost_request';
    const { call, commit, send } = this.weather;
    const odds = point === 'tx.commit' ? commit : point === 'producer.send' ? send : call;
    if (!this.random.chance(odds)) return undefined;
    return this.random.chance(0.5) ? 'lost_request' : 'lost_answer';
  }

  /** What happens to the process whose step is next; false when that step does not happen any more. */
  strike<P extends Victim>(process: P, world: Scene<P>): boolean {
    if (this.isOver || this.left === 0) return true;
    const { crash, freeze, rebalance } = this.weather;
    const roll = this.random.fraction();
    if (roll >= crash + freeze + rebalance) return true;
    this.left -= 1;
    if (roll < crash) {
      // One death more beside a suspect would rightly make it a dead letter, which no script of an event foresees.
      if (world.hasSuspect(SUSPECT_MARKS_SPARED)) return true;
      world.restart(process);
      return false;
    }
    if (roll < crash + freeze) {
      const ms = 500 + this.random.below(20_000);
      world.scheduler.trace(`${process.name} stands still for ${ms} ms`);
      void process.freeze(ms);
      // The step happens when it goes on: it was picked, so it is put back.
      return true;
    }
    world.scheduler.trace(`${process.name} has to join again`);
    process.expire();
    if (this.random.chance(0.5)) this.brokerAwayUntilMs = this.clock.nowMs() + this.random.below(2_000);
    return true;
  }
}
