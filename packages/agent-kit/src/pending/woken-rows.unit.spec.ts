import { PendingBench } from '../../test/pending-bench.js';
import { settle } from '../../test/kit-bench.js';
import type { PendingRow } from '../ports/store.js';
import { DueLoop } from './due-loop.js';
import { QueueWorker } from './queue-worker.js';
import { WokenRows } from './woken-rows.js';

const PLACES = 3;

describe('rows that a retry topic wakes', () => {
  let bench: PendingBench;
  let stopping: AbortController;
  let loop: DueLoop;
  let woken: WokenRows;
  beforeEach(() => {
    bench = new PendingBench();
    stopping = new AbortController();
    const { ports } = bench.one;
    const narrow = (kinds: never, limit: number) => Promise.resolve({ kinds, limit });
    const worker = new QueueWorker(['retry'], ports, new AbortController().signal, narrow as never);
    loop = new DueLoop(worker, ports, PLACES, stopping.signal);
    woken = new WokenRows(worker, loop, ports, stopping.signal);
  });

  /** Rows of these keys, woken and leased as the worker of a retry topic does. */
  const leased = async (...values: string[]): Promise<readonly PendingRow[]> => {
    const claimAt = new Date(bench.clock.nowMs() + 60_000);
    const rows = values.map((value) => bench.event(value, 0, { claimAt }));
    await bench.commit({ pending: rows });
    values.forEach((value) => bench.block(value));
    const tx = await bench.one.ports.store.begin();
    const wakeUps = rows.map(({ handle, attempts }) => ({ handle, attempts }));
    const taken = await tx.wake(wakeUps, woken.leaseMsFor(rows.length));
    await tx.commit();
    return taken;
  };
  const gathered = async (): Promise<void> => {
    bench.clock.wakeNext(bench.clock.nowMs() + 1_000);
    await settle();
    await loop.settled();
  };
  const commits = () => bench.one.calls.filter((call) => call === 'tx.commit').length;
  const claimed = () => bench.rows.map(({ leaseToken, claimMs, starts }) => [leaseToken, claimMs, starts]);

  it('run without being looked for, those of several partitions in one transaction', async () => {
    const [one, two] = [await leased('ada'), await leased('bob')];
    const before = commits();
    woken.take(one);
    woken.take(two);
    await gathered();
    expect(bench.done).toEqual(['use evt-ada-0', 'use evt-bob-0']);
    expect([commits() - before, bench.rows, bench.keyRow('ada')?.blocked]).toEqual([1, [], false]);
    expect(bench.one.calls).not.toContain('store.claimDue');
  });

  it('are leased only while there are places for all of them', async () => {
    expect(woken.leaseMsFor(PLACES)).toBeGreaterThan(0);
    woken.take(await leased('ada'));
    expect([woken.leaseMsFor(PLACES), woken.leaseMsFor(PLACES - 1)]).toEqual([undefined, expect.any(Number)]);
    await gathered();
    expect(woken.leaseMsFor(PLACES)).toBeGreaterThan(0);
  });

  it.each([
    ['the agent is paused', (): void => void pause()],
    ['the agent stops', (): void => stopping.abort()],
  ])('are given back unrun, due from now on, when %s meanwhile', async (_what, happens) => {
    woken.take(await leased('ada'));
    happens();
    expect(woken.leaseMsFor(1)).toBeUndefined();
    await gathered();
    await woken.settled();
    expect(bench.done).toEqual([]);
    expect(claimed()).toEqual([[null, bench.rows[0]?.dueMs, 0]]);
  });

  const pause = (): void =>
    void Object.defineProperty(bench.one.ports.switches, 'isPaused', { get: () => true });

  it('are left to their lease and the time they are overdue when the database is away', async () => {
    woken.take(await leased('ada'));
    stopping.abort();
    bench.one.fail('store.unclaim', 'lost_request');
    await woken.settled();
    expect(claimed()).toEqual([[expect.any(String), expect.any(Number), 1]]);
  });
});
