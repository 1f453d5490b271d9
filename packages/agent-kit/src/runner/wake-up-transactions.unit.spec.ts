import { agent } from '../../test/agent.js';
import { KitBench, settle, type BenchProcess } from '../../test/kit-bench.js';
import { ClaimLostError } from '../chunk/chunk.js';
import type { PendingRow } from '../ports/store.js';
import { WakeUpTransactions, type WakeUpStep } from './wake-up-transactions.js';

const handle = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const wakeUp = (n: number) => ({ handle: handle(n), attempts: 1 });

describe('WakeUpTransactions', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let taken: bigint[][];
  let transactions: WakeUpTransactions;
  beforeEach(() => {
    bench = new KitBench(agent);
    one = bench.process('one');
    taken = [];
    const taker = {
      leaseMsFor: () => 30_000,
      take: (rows: readonly PendingRow[]) => void taken.push(rows.map(({ id }) => id)),
    };
    transactions = new WakeUpTransactions(one.ports, taker);
  });

  /** A step of a partition that wakes these rows, which are due and were never begun. */
  const step = async (partition: number, ...rows: number[]): Promise<WakeUpStep> => {
    const at = { topic: 'greeter.retry.5s', partition };
    const { epoch } = await one.claim(at);
    for (const n of rows) {
      const id = BigInt(n);
      const row = { id, sequence: id, kind: 'retry', handle: handle(n), attempts: 1, starts: 0 };
      const times = { dueMs: 0, claimMs: bench.clock.nowMs() + 60_000, leaseUntilMs: null };
      const key = { kind: 'k', value: String(n) };
      bench.database.tables.pending.rows.set(String(n), { ...row, ...times, key } as never);
    }
    return { fence: { ...at, epoch, expectedOffset: 0n, nextOffset: 9n }, wakeUps: rows.map(wakeUp) };
  };
  const at = (partition: number): bigint | undefined =>
    bench.database.tables.progress.rows.get(`greeter.retry.5s/${partition}`)?.nextOffset;
  const outcomes = async (steps: readonly WakeUpStep[]): Promise<string[]> => {
    one.calls.length = 0;
    const results = await Promise.allSettled(steps.map((each) => transactions.take(each)));
    return results.map((result) =>
      result.status === 'fulfilled' ? 'done' : (result.reason as Error).constructor.name,
    );
  };
  const count = (call: string): number => one.calls.filter((each) => each === call).length;

  it('takes steps of several partitions together, and hands on together what they wake', async () => {
    const steps = [await step(2, 4), await step(0, 1, 2), await step(1, 3)];
    expect(await outcomes(steps)).toEqual(['done', 'done', 'done']);
    expect([count('tx.commit'), [0, 1, 2].map(at), taken]).toEqual([1, [9n, 9n, 9n], [[1n, 2n, 3n, 4n]]]);
  });

  it('takes what comes while a transaction is under way with the next', async () => {
    const [first, ...others] = [await step(0, 1), await step(1, 2), await step(2, 3)] as const;
    let goOn = (): void => undefined;
    one.fail('tx.wake', () => new Promise<void>((resolve) => (goOn = resolve)));
    const begun = outcomes([first]);
    await settle();
    const later = Promise.all(others.map((each) => transactions.take(each)));
    await settle();
    expect(at(1)).toBe(0n);
    goOn();
    expect(await begun).toEqual(['done']);
    await later;
    expect([count('tx.commit'), taken]).toEqual([2, [[1n], [2n, 3n]]]);
  });

  it('wakes nothing for a partition that is another’s, and the rest of the others', async () => {
    const steps = [await step(0, 1), await step(1, 2)];
    await bench.process('two').ports.store.claim({ topic: 'greeter.retry.5s', partition: 0 });
    expect(await outcomes(steps)).toEqual([ClaimLostError.name, 'done']);
    expect([at(0), at(1), taken]).toEqual([0n, 9n, [[2n]]]);
  });

  it('takes each step by itself when something is in the way of one: the others go on', async () => {
    const steps = [await step(0, 1), await step(1, 2), await step(2, 3)];
    const refused = new RangeError('no');
    one.fail('tx.wake', refused, undefined, refused);
    const told = await outcomes(steps);
    expect([...told].sort()).toEqual(['RangeError', 'done', 'done']);
    expect([0, 1, 2].map(at)).toEqual(told.map((outcome) => (outcome === 'done' ? 9n : 0n)));
    expect(taken.flat()).toHaveLength(2);
  });

  it('tells all of a COMMIT whose answer was lost and hands on what it may have leased, once', async () => {
    const steps = [await step(0, 1), await step(1, 2)];
    one.fail('tx.commit', 'lost_answer');
    expect(await outcomes(steps)).toEqual(['CommitUnknownError', 'CommitUnknownError']);
    expect([count('tx.commit'), at(0), at(1), taken]).toEqual([1, 9n, 9n, [[1n, 2n]]]);
  });

  it('tells all when no transaction can be begun, and works again afterwards', async () => {
    const steps = [await step(0, 1), await step(1, 2)];
    one.fail('store.begin', 'lost_request');
    expect(await outcomes(steps)).toEqual(['SignalboxError', 'SignalboxError']);
    expect(await outcomes(steps)).toEqual(['done', 'done']);
  });

  it('takes no more together than the engine has places for at once, but a large step whole', async () => {
    const many = (partition: number, from: number, to: number): Promise<WakeUpStep> =>
      step(partition, ...Array.from({ length: to - from }, (_, n) => from + n));
    const steps = [await many(0, 1, 602), await many(1, 700, 1_000), await many(2, 1_000, 1_300)];
    expect(await outcomes(steps)).toEqual(['done', 'done', 'done']);
    expect(taken.map((rows) => rows.length)).toEqual([601, 300, 300]);
  });

  it('asks for the time once for all who ask meanwhile, and anew afterwards', async () => {
    one.calls.length = 0;
    const [first, second] = await Promise.all([transactions.now(), transactions.now()]);
    expect([first, count('store.now')]).toEqual([second, 1]);
    bench.database.offsetMs = 5_000;
    expect((await transactions.now()).getTime() - first.getTime()).toBe(5_000);
  });
});
