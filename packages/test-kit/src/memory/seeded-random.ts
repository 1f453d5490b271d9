import type { Random } from '@signalbox/agent-kit';

/** Numbers that follow from a seed alone (mulberry32): the same seed gives the same run. */
export class SeededRandom implements Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from 0 to `end` - 1. */
  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  /** True with the probability given, from 0 to 1. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16));
    hex[12] = '4';
    hex[16] = '8';
    const text = hex.join('');
    return [0, 8, 12, 16, 20].map((at, n, all) => text.slice(at, all[n + 1])).join('-');
  }
}
