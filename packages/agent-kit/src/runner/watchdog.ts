import { SignalboxError } from '@signalbox/errors';
import type { RunnerState } from './partition-runner.js';
import type { RunnerPorts } from './ports.js';

/** Work in hand, both stores well, and neither a commit nor a reported failure for so long: the process is stuck. */
export const STALLED_MS = 60_000;
/** Something to fetch, the broker well, and no fetch answered for so long: the client went quiet. */
export const NO_FETCH_MS = 30_000;
/** From which silence on the stores are asked whether they are well. */
const SUSPICIOUS_MS = 5_000;
const PROBE_MS = 3_000;
/** Two looks further apart than this: the process itself stood still, which says nothing about its work. */
const LOOK_GAP_MS = 20_000;

/** What the watchdog sees in one look; times are monotonic milliseconds. */
export interface Look {
  readonly nowMs: number;
  /** When a fetch was last answered, or when partitions were last assigned. */
  readonly fetchedMs: number;
  /** When a store last gave no answer, or this process stood still. */
  readonly excusedMs: number;
  /** When there was last no work in hand, or all of it waited on purpose: before that nothing was owed. */
  readonly idleMs: number;
  readonly states: readonly RunnerState[];
}

/** Why the process should end, or undefined. */
export function judge({ nowMs, fetchedMs, excusedMs, idleMs, states }: Look): string | undefined {
  for (const { topic, partition, silentSinceMs } of states) {
    if (silentSinceMs !== undefined && nowMs - Math.max(silentSinceMs, excusedMs, idleMs) >= STALLED_MS)
      return `no chunk of ${topic}/${partition} was committed for ${STALLED_MS} ms although both stores answer`;
  }
  if (isFetching(states) && nowMs - Math.max(fetchedMs, excusedMs) >= NO_FETCH_MS)
    return `no fetch was answered for ${NO_FETCH_MS} ms although the broker answers`;
  return undefined;
}

const isFetching = (states: readonly RunnerState[]): boolean =>
  states.some(({ isReading, isPaused }) => isReading && !isPaused);

/** Ends a process that is stuck for no reason outside of it, with code `process_stuck`: a supervisor starts it anew. */
export class Watchdog {
  private fetchedMs: number;
  private excusedMs: number;
  private idleMs: number;
  private lookedMs: number;
  private hasBarked = false;

  constructor(
    private readonly ports: Pick<RunnerPorts, 'context' | 'store' | 'inspector'>,
    private readonly states: () => readonly RunnerState[],
    private readonly end: (error: Error) => void,
  ) {
    this.fetchedMs = this.excusedMs = this.idleMs = this.lookedMs = this.now();
  }

  /** A fetch was answered. */
  fetched(): void {
    this.fetchedMs = this.now();
  }

  /** How long nothing was fetched although something is to be, in milliseconds. */
  silentMs(): number {
    return isFetching(this.states()) ? this.now() - this.fetchedMs : 0;
  }

  /** One look; asks the stores only when something has been silent for a while. */
  async tick(): Promise<void> {
    if (this.now() - this.lookedMs > LOOK_GAP_MS) this.excusedMs = this.now();
    this.forgetPauses();
    const isDoubtful = this.isDoubtful();
    if (isDoubtful && !(await this.areStoresWell())) this.excusedMs = this.now();
    this.lookedMs = this.now();
    const { fetchedMs, excusedMs, idleMs } = this;
    const reason = judge({ nowMs: this.lookedMs, fetchedMs, excusedMs, idleMs, states: this.states() });
    if (reason === undefined || this.hasBarked) return;
    this.hasBarked = true;
    this.end(new SignalboxError('process_stuck', reason));
  }

  /** What is resumed after a long pause has all its time before it. */
  private forgetPauses(): void {
    const states = this.states();
    if (!isFetching(states)) this.fetchedMs = this.now();
    if (states.every(({ silentSinceMs }) => silentSinceMs === undefined)) this.idleMs = this.now();
  }

  private isDoubtful(): boolean {
    const states = this.states();
    const oldest = Math.min(...states.map(({ silentSinceMs }) => silentSinceMs ?? Infinity));
    return this.now() - oldest >= SUSPICIOUS_MS || this.silentMs() >= SUSPICIOUS_MS;
  }

  private async areStoresWell(): Promise<boolean> {
    const [first] = this.states();
    const { store, inspector, context } = this.ports;
    const late = new AbortController();
    const timeout = context.clock.sleep(PROBE_MS, late.signal).then(() => false);
    const answers = Promise.all([store.ping(), first && inspector.offsets(first.topic)]).then(
      () => true,
      () => false,
    );
    return Promise.race([answers, timeout]).finally(() => late.abort());
  }

  private now(): number {
    return this.ports.context.clock.monotonicMs();
  }
}
