import { cpus } from 'node:os';
import { significant, spread, median } from './stats.js';

/** One measurement of one side. */
export interface Sample {
  /** Events, requests or jobs that were sent, acknowledged and handled. */
  readonly events: number;
  readonly seconds: number;
  /** CPU time of the side's processes, without Kafka, PostgreSQL and the load, in seconds. */
  readonly cpuSeconds: number;
  /** Further figures by name, e.g. `p99Ms`. */
  readonly more?: Readonly<Record<string, number>>;
}

export type Role = 'ours' | 'rival' | 'ceiling' | 'baseline';

/** What all rounds of one side amount to. */
export interface SideResult {
  readonly name: string;
  readonly role: Role;
  readonly rounds: number;
  readonly eventsPerRound: number;
  /** Median of the rounds. */
  readonly perSecond: number;
  readonly perSecondMin: number;
  readonly perSecondMax: number;
  /** (max − min) / median. */
  readonly spread: number;
  readonly cpuSecondsPer1000: number;
  /** Medians of the further figures. */
  readonly more: Readonly<Record<string, number>>;
}

export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** In words, e.g. `≥ 20`; absent: only reported. */
  readonly wanted?: string;
  readonly met?: boolean;
}

/** One line of a plot. */
export interface Line {
  readonly name: string;
  readonly role: Role;
  /** By x, ascending. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A plot: how one figure depends on another. */
export interface Plot {
  readonly name: string;
  /** Names of the axes with their units. */
  readonly x: string;
  readonly y: string;
  /** For figures that span orders of magnitude. */
  readonly logarithmic?: boolean;
  readonly lines: readonly Line[];
}

export interface BenchResult {
  readonly bench: string;
  readonly measuredAt: string;
  /** Sizes used; `quick` says that they are the small ones. */
  readonly size: Readonly<Record<string, number | boolean>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly cores: number;
  /** Mean number of processes that wanted a core during the last minute of the run, ours included. */
  readonly loadAverage: number;
  readonly sides: readonly SideResult[];
  readonly ratios: readonly Ratio[];
  readonly plots?: readonly Plot[];
  readonly met: boolean;
}

/** What a bench hands back; the runner adds versions, cores and time. */
export type Measured = Pick<BenchResult, 'size' | 'sides' | 'ratios' | 'plots'>;

export function summarise(name: string, role: Role, samples: readonly Sample[]): SideResult {
  const rates = samples.map(({ events, seconds }) => events / seconds);
  const names = Object.keys(samples[0]?.more ?? {});
  return {
    name,
    role,
    rounds: samples.length,
    eventsPerRound: samples[0]?.events ?? 0,
    perSecond: significant(median(rates)),
    perSecondMin: significant(Math.min(...rates)),
    perSecondMax: significant(Math.max(...rates)),
    spread: significant(spread(rates), 3),
    cpuSecondsPer1000: significant(
      median(samples.map(({ cpuSeconds, events }) => (cpuSeconds / events) * 1_000)),
    ),
    more: Object.fromEntries(
      names.map((key) => [key, significant(median(samples.map(({ more }) => more?.[key] ?? NaN)))]),
    ),
  };
}

export const atLeast = (name: string, value: number, limit: number): Ratio => ({
  name,
  value: significant(value, 3),
  wanted: `≥ ${limit}`,
  met: value >= limit,
});
export const atMost = (name: string, value: number, limit: number): Ratio => ({
  name,
  value: significant(value, 3),
  wanted: `≤ ${limit}`,
  met: value <= limit,
});
/** Within `share` of 1. */
export const within = (name: string, value: number, share: number): Ratio => ({
  name,
  value: significant(value, 3),
  wanted: `1 ± ${share}`,
  met: Math.abs(value - 1) <= share,
});
export const reported = (name: string, value: number): Ratio => ({ name, value: significant(value, 3) });

export const isMet = (ratios: readonly Ratio[]): boolean => ratios.every(({ met }) => met !== false);

export const coreCount = (): number => cpus().length;
