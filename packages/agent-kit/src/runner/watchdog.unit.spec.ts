import { NO_FETCH_MS, STALLED_MS, Watchdog, judge, type Look } from './watchdog.js';
import type { RunnerState } from './partition-runner.js';

const state = (change: Partial<RunnerState> = {}): RunnerState => ({
  topic: 'orders',
  partition: 0,
  isReading: true,
  isPaused: false,
  lag: 0n,
  oldestMs: undefined,
  silentSinceMs: undefined,
  ...change,
});
const look = (change: Partial<Look> = {}): Look => ({
  nowMs: 1_000_000,
  fetchedMs: 1_000_000,
  excusedMs: 0,
  idleMs: 0,
  states: [state()],
  ...change,
});

describe('judge', () => {
  const stuck = state({ silentSinceMs: 1_000_000 - STALLED_MS });

  it('lets an idle, a working and an unassigned agent live', () => {
    expect(judge(look())).toBeUndefined();
    expect(judge(look({ states: [state({ silentSinceMs: 1_000_000 - STALLED_MS + 1 })] }))).toBeUndefined();
    expect(judge(look({ states: [], fetchedMs: 0 }))).toBeUndefined();
  });

  it('ends a process with work in hand and no sign of life', () => {
    expect(judge(look({ states: [state(), stuck] }))).toContain('no chunk of orders/0');
  });

  it('excuses it while a store gave no answer', () => {
    expect(judge(look({ states: [stuck], excusedMs: 1_000_000 - STALLED_MS + 1 }))).toBeUndefined();
  });

  it('ends a process whose client went quiet, unless nothing is to be fetched', () => {
    const fetchedMs = 1_000_000 - NO_FETCH_MS;
    expect(judge(look({ fetchedMs }))).toContain('no fetch');
    expect(judge(look({ fetchedMs: fetchedMs + 1 }))).toBeUndefined();
    expect(judge(look({ fetchedMs, excusedMs: fetchedMs + 1 }))).toBeUndefined();
    expect(judge(look({ fetchedMs, states: [state({ isPaused: true })] }))).toBeUndefined();
    expect(judge(look({ fetchedMs, states: [state({ isReading: false })] }))).toBeUndefined();
  });
});

describe('Watchdog', () => {
  let nowMs: number;
  let isDatabaseWell: boolean;
  let probes: number;
  let ended: Error[];
  let states: RunnerState[];
  const watchdog = () =>
    new Watchdog(
      {
        context: {
          clock: { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: () => new Promise(() => undefined) },
        },
        store: {
          ping: () => {
            probes += 1;
            return isDatabaseWell ? Promise.resolve() : Promise.reject(new Error('away'));
          },
        },
        inspector: { offsets: () => Promise.resolve(new Map()) },
      } as never,
      () => states,
      (error) => ended.push(error),
    );
  const pass = async (dog: Watchdog, ms: number, isFetching = true): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      nowMs += 5_000;
      if (isFetching) dog.fetched();
      await dog.tick();
    }
  };

  beforeEach(() => {
    nowMs = 1_000_000;
    isDatabaseWell = true;
    probes = 0;
    ended = [];
    states = [state()];
  });

  it('asks the stores nothing while all goes well', async () => {
    await pass(watchdog(), 300_000);
    expect(probes).toBe(0);
    expect(ended).toEqual([]);
  });

  it('ends a stuck process once', async () => {
    states = [state({ silentSinceMs: nowMs })];
    await pass(watchdog(), 3 * STALLED_MS);
    expect(ended).toMatchObject([{ code: 'process_stuck' }]);
  });

  it('begins to count when the stores are back', async () => {
    states = [state({ silentSinceMs: nowMs })];
    isDatabaseWell = false;
    const dog = watchdog();
    await pass(dog, 10 * STALLED_MS);
    isDatabaseWell = true;
    await pass(dog, STALLED_MS - 5_000);
    expect(ended).toEqual([]);
    await pass(dog, 10_000);
    expect(ended).toHaveLength(1);
  });

  it('does not blame the work for a time in which the process itself stood still', async () => {
    states = [state({ silentSinceMs: nowMs })];
    const dog = watchdog();
    nowMs += 10 * STALLED_MS;
    await dog.tick();
    expect(ended).toEqual([]);
  });

  it('ends a process that no longer fetches and tells for how long', async () => {
    const dog = watchdog();
    await pass(dog, NO_FETCH_MS - 5_000, false);
    expect(dog.silentMs()).toBe(NO_FETCH_MS - 5_000);
    expect(ended).toEqual([]);
    await pass(dog, 5_000, false);
    expect(ended[0]?.message).toContain('no fetch');
  });

  it('gives what was paused for long its time after it is resumed', async () => {
    const dog = watchdog();
    const sinceMs = nowMs;
    states = [state({ isPaused: true })];
    await pass(dog, 600_000, false);
    states = [state({ silentSinceMs: sinceMs })];
    await pass(dog, NO_FETCH_MS - 5_000, false);
    expect(ended).toEqual([]);
    dog.fetched();
    await pass(dog, STALLED_MS - NO_FETCH_MS);
    expect(ended).toEqual([]);
    await pass(dog, 10_000);
    expect(ended).toMatchObject([{ code: 'process_stuck', message: expect.stringContaining('no chunk') }]);
  });
});
