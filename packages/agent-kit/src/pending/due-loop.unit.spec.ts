import { SignalboxError } from '@signalbox/errors';
import { PendingBench } from '../../test/pending-bench.js';
import { settle } from '../../test/kit-bench.js';
import type { PendingRow } from '../ports/store.js';
import { DueLoop, type DueBatch, type DueWork } from './due-loop.js';

/** Work that a test hands out and ends by hand. */
class HandWork implements DueWork {
  gatherMs = 0;
  /** What the next looks find; nothing once it is used up. */
  due: DueBatch[][] = [];
  looks = 0;
  asked: { places: number; atWork: readonly bigint[] }[] = [];
  nextMs: number | undefined;
  onAsked: () => void = () => undefined;
  failLook: Error | undefined;
  readonly ends = new Map<bigint, (apart?: readonly DueBatch[], error?: Error) => void>();

  take(places: number, atWork: readonly bigint[]): Promise<readonly DueBatch[]> {
    this.looks += 1;
    this.asked.push({ places, atWork });
    return this.failLook ? Promise.reject(this.failLook) : Promise.resolve(this.due.shift() ?? []);
  }

  run(batch: DueBatch): Promise<readonly DueBatch[]> {
    return new Promise((resolve, reject) => {
      const end = (apart: readonly DueBatch[] = [], error?: Error) =>
        error ? reject(error) : resolve(apart);
      this.ends.set(batch[0]?.id ?? 0n, end);
    });
  }

  msToNext(): Promise<number | undefined> {
    this.onAsked();
    return Promise.resolve(this.nextMs);
  }
}

describe('the loop of due work', () => {
  let bench: PendingBench;
  let work: HandWork;
  let loop: DueLoop;
  let stopping: AbortController;
  const start = (placesMax = 4): void => {
    loop = new DueLoop(work, bench.one.ports, placesMax, stopping.signal);
    loop.start();
  };
  const row = (id: bigint) => ({ id, lease: { id, token: 'mine' } }) as PendingRow;
  const batch = (...ids: bigint[]): DueBatch => ids.map(row);
  const end = async (id: bigint, apart: readonly DueBatch[] = [], error?: Error): Promise<void> => {
    work.ends.get(id)?.(apart, error);
    await settle();
  };
  /** Moves the clock on by so much, waking who sleeps on the way. */
  const pass = async (ms: number): Promise<void> => {
    const untilMs = bench.clock.nowMs() + ms;
    for (await settle(); bench.clock.wakeNext(untilMs); await settle());
    await settle();
  };

  beforeEach(() => {
    bench = new PendingBench();
    work = new HandWork();
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    for (const finish of work.ends.values()) finish();
    await bench.inTime(loop.hasStopped());
    await loop.settled();
  });

  it('takes no more than it has places for, and names what it has in hand', async () => {
    work.due = [[batch(1n, 2n)], [batch(3n)]];
    start(3);
    await pass(0);
    expect(work.asked.map(({ places, atWork }) => [places, atWork])).toEqual([
      [3, []],
      [1, [1n, 2n]],
    ]);
    expect(loop.atWork).toBe(3);
    await end(1n);
    expect(work.asked.at(-1)).toEqual({ places: 2, atWork: [3n] });
    expect(loop.atWork).toBe(1);
  });

  it('asks for nothing, not even when, while every place is taken', async () => {
    work.due = [[batch(1n)]];
    let asked = 0;
    work.onAsked = () => (asked += 1);
    start(1);
    await pass(10_000);
    expect([work.looks, asked]).toEqual([1, 0]);
  });

  it.each([
    ['when the next row is due', 300, 300],
    ['within five seconds when nothing is near', undefined, 5_000],
    ['within five seconds though the next is due later', 40_000, 5_000],
    ['after 5 ms when it is due now: it takes no turn after turn', 0, 5],
  ])('looks again %s', async (_what, nextMs, waitMs) => {
    work.nextMs = nextMs;
    start();
    await pass(0);
    const before = work.looks;
    await pass(waitMs - 1);
    expect(work.looks).toBe(before);
    await pass(1);
    expect(work.looks).toBeGreaterThan(before);
  });

  it('looks at once when it is woken, also in the middle of asking when the next is due', async () => {
    start();
    await pass(0);
    const before = work.looks;
    loop.wake();
    await settle();
    expect(work.looks).toBeGreaterThan(before);
    work.onAsked = () => {
      work.onAsked = () => undefined;
      work.due = [[batch(7n)]];
      loop.wake();
    };
    loop.wake();
    await settle();
    expect(loop.atWork).toBe(1);
  });

  it('takes at once what falls due while it asks when the next is', async () => {
    work.onAsked = () => {
      work.onAsked = () => undefined;
      work.due = [[batch(9n)]];
    };
    start();
    await pass(0);
    expect(loop.atWork).toBe(1);
  });

  it('waits a little after rows were taken, so that those due meanwhile go together', async () => {
    work.gatherMs = 15;
    work.due = [[batch(1n)], [batch(2n)]];
    start();
    await pass(14);
    expect(work.looks).toBe(1);
    await pass(1);
    expect(work.looks).toBeGreaterThan(1);
  });

  it('runs what a batch leaves apart, and holds its place so long', async () => {
    work.due = [[batch(1n, 2n)]];
    start(2);
    await pass(0);
    await end(1n, [batch(2n)]);
    expect(loop.atWork).toBe(1);
    await end(2n);
    expect(loop.atWork).toBe(0);
  });

  it('goes on when due work cannot be read, ever more slowly, and says so once', async () => {
    work.failLook = new SignalboxError('database_unavailable', 'away');
    start();
    await pass(60_000);
    expect(work.looks).toBeGreaterThan(10);
    expect(work.looks).toBeLessThan(60);
    expect(bench.one.said.filter((line) => line.includes('Due work cannot be read'))).not.toHaveLength(0);
    expect(bench.one.said.length).toBeLessThan(10);
    work.failLook = undefined;
    work.due = [[batch(1n)]];
    await pass(10_000);
    expect(loop.atWork).toBe(1);
  });

  it.each([
    [
      'gives rows back at once when the database is away',
      new SignalboxError('database_unavailable', 'away'),
      1,
    ],
    ['leaves rows to their leases when it is their own fault', new Error('a bug'), 0],
  ])('%s', async (_what, error, unclaims) => {
    work.due = [[batch(1n)]];
    start();
    await pass(0);
    await end(1n, [], error);
    expect(bench.one.calls.filter((call) => call === 'store.unclaim')).toHaveLength(unclaims);
    expect(loop.atWork).toBe(0);
    expect(bench.one.said.join()).toContain('Pending work failed');
  });

  it('takes nothing more once it stops, gives back what fails then, and waits for what is at work', async () => {
    work.due = [[batch(1n)]];
    start();
    await pass(0);
    stopping.abort();
    work.due = [[batch(2n)]];
    await loop.hasStopped();
    let isSettled = false;
    const settled = loop.settled().then(() => (isSettled = true));
    await settle();
    expect(isSettled).toBe(false);
    await end(1n, [], new Error('broken off'));
    await settled;
    expect(bench.one.calls).toContain('store.unclaim');
    expect(work.ends.has(2n)).toBe(false);
  });
});
