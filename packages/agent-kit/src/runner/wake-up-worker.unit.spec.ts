import { agent } from '../../test/agent.js';
import { KitBench, settle, type BenchProcess } from '../../test/kit-bench.js';
import { ClaimLostError } from '../chunk/chunk.js';
import type { IncomingRecord } from '../ports/records.js';
import type { Claim, PendingRow } from '../ports/store.js';
import type { ClaimedChunk } from './chunk-worker.js';
import { WakeUpTransactions } from './wake-up-transactions.js';
import { WakeUpWorker } from './wake-up-worker.js';

const partition = { topic: 'greeter.retry.5s', partition: 0 };
const handle = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('WakeUpWorker', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let claim: Claim;
  let closing: AbortController;
  beforeEach(async () => {
    bench = new KitBench(agent);
    one = bench.process('one');
    claim = await one.claim(partition);
    closing = new AbortController();
  });
  const startMs = Date.UTC(2026, 3, 5, 12);
  /** A wake-up that is due so many ms after the start, with these headers changed. */
  const wakeUp = (n: number, dueMs: number, change: Record<string, string> = {}): void => {
    const headers = {
      'sb-pending-id': handle(n),
      'sb-attempt': '1',
      'sb-due-at': new Date(startMs + dueMs).toISOString(),
    };
    bench.write({ key: null, value: null, headers: { ...headers, ...change } }, partition);
    const row = {
      id: BigInt(n),
      sequence: BigInt(n),
      kind: 'retry',
      handle: handle(n),
      attempts: 1,
      key: { kind: 'k', value: `${n}` },
    };
    const times = { dueMs: startMs + dueMs, claimMs: startMs + dueMs + 60_000, leaseUntilMs: null };
    bench.database.tables.pending.rows.set(String(n), { ...row, ...times } as never);
  };
  const chunk = (): ClaimedChunk => {
    const { records, end } = bench.broker.log(partition);
    return {
      partition,
      claim,
      from: claim.nextOffset,
      taken: { records: records as IncomingRecord[], next: end },
    };
  };
  const work = () =>
    new WakeUpWorker(one.ports).work(chunk(), { closing: closing.signal, stopping: closing.signal });
  /** Numbers of the rows that are to be taken now. */
  const woken = (): bigint[] =>
    [...bench.database.tables.pending.rows.values()]
      .filter(({ claimMs }) => (claimMs ?? Infinity) <= bench.clock.nowMs())
      .map(({ id }) => id);
  const at = () => bench.database.tables.progress.rows.get('greeter.retry.5s/0')?.nextOffset;

  it('stands still until the head is due, then wakes what is due by then: never early, and all of it', async () => {
    for (const [n, dueMs] of [
      [1, 5_000],
      [2, 5_000],
      [3, 9_000],
    ] as const)
      wakeUp(n, dueMs);
    const done = work();
    for (let passed = 0; passed < 4_900; passed += 100) {
      bench.clock.wakeNext(startMs + passed);
      await settle();
      expect(woken()).toEqual([]);
    }
    while (at() === 0n) {
      expect(bench.clock.nowMs()).toBeLessThan(startMs + 6_000);
      bench.clock.wakeNext(bench.clock.nowMs() + 100);
      await settle();
    }
    expect([woken(), at()]).toEqual([[1n, 2n], 2n]);
    await bench.inTime(done);
    expect([woken(), at()]).toEqual([[1n, 2n, 3n], 3n]);
    expect(one.told.filter((told) => told === 'pending is woken')).toHaveLength(2);
  });

  it.each([
    ['names no work', { 'sb-pending-id': 'nobody' }],
    ['names an attempt that is none', { 'sb-attempt': 'x' }],
    ['names an attempt that is over', { 'sb-attempt': '7' }],
    ['names work that is gone', { 'sb-pending-id': handle(99) }],
  ])('passes a record that %s, and changes nothing', async (_what, change) => {
    wakeUp(1, 0, change);
    await bench.inTime(work());
    expect([woken(), at()]).toEqual([[], 1n]);
  });

  it('takes a record without a readable time for due', async () => {
    wakeUp(1, 0, { 'sb-due-at': 'soon' });
    await bench.inTime(work());
    expect([woken(), at()]).toEqual([[1n], 1n]);
  });

  it('follows the agent’s clock when it is stepped', async () => {
    wakeUp(1, 3_600_000);
    const done = work();
    await settle();
    bench.database.offsetMs = 3_600_000;
    await bench.inTime(done);
    expect(bench.clock.nowMs()).toBeLessThanOrEqual(startMs + 2_000);
    expect(at()).toBe(1n);
  });

  it('hands on what it leases once that is committed, and has the table looked at for the rest alone', async () => {
    wakeUp(1, 0);
    wakeUp(2, 0);
    const rows = bench.database.tables.pending.rows;
    rows.set('2', { ...rows.get('2'), starts: 1 } as never);
    rows.set('1', { ...rows.get('1'), starts: 0 } as never);
    const taken: string[] = [];
    const taker = {
      leaseMsFor: () => 30_000,
      take: (leased: readonly PendingRow[]) =>
        void taken.push(...leased.map(({ id, starts }) => `${id} ${starts} ${one.calls.at(-1)}`)),
    };
    const signals = { closing: closing.signal, stopping: closing.signal };
    await bench.inTime(
      new WakeUpWorker(one.ports, new WakeUpTransactions(one.ports, taker)).work(chunk(), signals),
    );
    expect(taken).toEqual(['1 1 tx.commit']);
    expect([woken(), one.told]).toEqual([[2n], ['pending is woken']]);
  });

  it('hands on what it may have leased when the answer to COMMIT is lost: the leases tell', async () => {
    wakeUp(1, 0);
    const { rows } = bench.database.tables.pending;
    rows.set('1', { ...rows.get('1'), starts: 0 } as never);
    one.fail('tx.commit', 'lost_answer');
    const taken: bigint[] = [];
    const taker = {
      leaseMsFor: () => 30_000,
      take: (leased: readonly PendingRow[]) => void taken.push(...leased.map(({ id }) => id)),
    };
    const signals = { closing: closing.signal, stopping: closing.signal };
    const done = bench.inTime(
      new WakeUpWorker(one.ports, new WakeUpTransactions(one.ports, taker)).work(chunk(), signals),
    );
    await expect(done).rejects.toThrow('the connection was lost during COMMIT');
    expect([taken, at()]).toEqual([[1n], 1n]);
  });

  it('moves on over a stretch that holds no record', async () => {
    const empty = { ...chunk(), taken: { records: [], next: 12n } };
    await new WakeUpWorker(one.ports).work(empty, { closing: closing.signal, stopping: closing.signal });
    expect(at()).toBe(12n);
  });

  it('lets go at once, without having woken anything', async () => {
    wakeUp(1, 5_000);
    const done = work().catch((error: unknown) => error);
    await settle();
    closing.abort();
    expect(await done).toBeInstanceOf(ClaimLostError);
    expect([woken(), at()]).toEqual([[], 0n]);
  });

  it('wakes nothing for a partition that is another’s', async () => {
    wakeUp(1, 0);
    const lost = chunk();
    await bench.process('two').ports.store.claim(partition);
    const signals = { closing: closing.signal, stopping: closing.signal };
    await expect(bench.inTime(new WakeUpWorker(one.ports).work(lost, signals))).rejects.toBeInstanceOf(
      ClaimLostError,
    );
    expect(one.calls.at(-1)).toBe('tx.rollback');
    expect(at()).toBe(0n);
  });
});
