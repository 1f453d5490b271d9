import { FatalError, RetryAfterError } from '@signalbox/errors';
import { PendingBench, type HandlerChanges } from '../../test/pending-bench.js';
import { settle } from '../../test/kit-bench.js';
import type { DueBatch } from './due-loop.js';
import { JobWorker } from './job-worker.js';
import type { Narrow } from './narrow.js';

describe('the worker of jobs', () => {
  let bench: PendingBench;
  let worker: JobWorker;
  let cut: AbortController;
  let asked: unknown[];
  let narrow: Narrow;
  const open = (changes: HandlerChanges = {}): void => {
    bench = new PendingBench(changes);
    cut = new AbortController();
    asked = [];
    narrow = (wanted, limit, atWork) => {
      asked.push([wanted, limit, atWork]);
      return Promise.resolve({ kinds: wanted, limit });
    };
    worker = new JobWorker(bench.one.ports, cut.signal, (...all) => narrow(...all));
  };
  beforeEach(() => open());

  const jobs = (destination: string, ...ids: string[]) =>
    bench.commit({ pending: ids.map((id) => bench.job(id, destination)) });
  const idsOf = (batches: readonly DueBatch[]) =>
    batches.flatMap((batch) => batch.map(({ eventId }) => eventId));
  const inHand = (batches: readonly DueBatch[]) => batches.flat().map(({ id }) => id);
  const run = (batches: readonly DueBatch[]) =>
    bench.inTime(Promise.all(batches.map((batch) => worker.run(batch))));
  const fails = (id: string, error: Error): void => {
    bench.deeds.set(id, () => {
      throw error;
    });
  };
  const free = () => bench.rows.filter(({ leaseToken }) => leaseToken === null).map(({ eventId }) => eventId);

  it.each([
    ['kinds', { kinds: [], limit: 9 }],
    ['places', { kinds: ['job'], limit: 0 }],
  ] as const)('leases nothing when the kill switches leave no %s', async (_what, open_) => {
    await jobs('d', 'j-1');
    narrow = () => Promise.resolve(open_);
    expect(await worker.take(9, [])).toEqual([]);
    expect(bench.one.calls).not.toContain('store.claimDue');
  });

  it('tells the kill switches how many jobs are at work', async () => {
    await worker.take(7, [1n, 2n]);
    expect(asked).toEqual([[['job'], 7, 2]]);
  });

  it('gives a receiver four calls at a time, others their own', async () => {
    await jobs('slow', '1', '2', '3', '4', '5', '6');
    await jobs('fast', '7');
    const first = await worker.take(9, []);
    expect(idsOf(first)).toEqual(['1', '2', '3', '4', '7']);
    expect(idsOf(await worker.take(9, inHand(first)))).toEqual([]);
    expect(worker.status()).toMatchObject([
      { destination: 'slow', atWork: 4 },
      { destination: 'fast', atWork: 1 },
    ]);
    await run(first.slice(0, 1));
    expect(idsOf(await worker.take(9, inHand(first.slice(1))))).toEqual(['5']);
    expect(free()).toEqual(['6']);
  });

  it.each([
    ['the places its handler asks for', { concurrency: 2 }, 2],
    ['more than four when its handler asks for them', { concurrency: 6 }, 6],
    ['so many a second', { ratePerSecond: 3 }, 3],
  ])('gives a receiver %s', async (_what, call, places) => {
    open({ call });
    await jobs('d', '1', '2', '3', '4', '5', '6', '7');
    expect(idsOf(await worker.take(9, []))).toHaveLength(places);
    expect(free()).toHaveLength(7 - places);
  });

  it('looks again when the rate of a receiver lets the next call through', async () => {
    open({ call: { ratePerSecond: 2 } });
    await jobs('d', '1', '2', '3');
    const first = await worker.take(9, []);
    await run(first);
    expect(await worker.msToNext()).toBe(500);
    bench.clock.jumpTo(bench.clock.nowMs() + 500);
    expect(idsOf(await worker.take(9, []))).toEqual(['3']);
  });

  it('opens the circuit of a receiver after five failures in a row, tries one call later, and closes it', async () => {
    const ids = ['1', '2', '3', '4', '5'];
    await jobs('down', ...ids);
    await jobs('up', 'u');
    for (const id of ids) fails(id, new Error('HTTP 500'));
    await run(await worker.take(5, []));
    await run(await worker.take(5, []));
    expect(bench.one.said.join()).toContain('The circuit has opened');
    expect(bench.done).toContain('call u');
    expect(worker.status()).toMatchObject([{ destination: 'down', circuit: 'open', waitMs: 10_000 }]);
    bench.clock.jumpTo(bench.clock.nowMs() + 9_000);
    bench.deeds.clear();
    expect(await worker.take(9, [])).toEqual([]);
    expect(await worker.msToNext()).toBe(1_000);
    bench.clock.jumpTo(bench.clock.nowMs() + 1_000);
    const probe = await worker.take(9, []);
    expect(idsOf(probe)).toHaveLength(1);
    await run(probe);
    expect(bench.one.said.join()).toContain('The circuit has closed');
    expect(idsOf(await worker.take(9, []))).toHaveLength(4);
  });

  it('leaves a receiver alone as long as it asked for, whichever job it told', async () => {
    await jobs('d', '1');
    fails('1', new RetryAfterError('slow down', 20_000, { code: 'outbound_failed' }));
    await run(await worker.take(9, []));
    await jobs('d', '2');
    expect(await worker.take(9, [])).toEqual([]);
    bench.clock.jumpTo(bench.clock.nowMs() + 20_000);
    expect(idsOf(await worker.take(9, [])).sort()).toEqual(['1', '2']);
  });

  it('gives the place back as soon as the call is over, while its result is still being written', async () => {
    let places = 0;
    worker.onPlace = () => (places += 1);
    await jobs('d', '1');
    const [batch = []] = await worker.take(9, []);
    let hasWritten: () => void = () => undefined;
    bench.one.fail('tx.settlePending', () => new Promise<void>((resolve) => (hasWritten = resolve)));
    const running = worker.run(batch);
    for (let turns = 0; places === 0 && turns < 50; turns += 1) await settle();
    expect([places, bench.rows.length, worker.status()]).toEqual([1, 1, []]);
    for (let turns = 0; turns < 5; turns += 1) await settle();
    hasWritten();
    await running;
    expect(bench.rows).toEqual([]);
  });

  it('begins with the ledger: what it says was done is not done again, what is another’s is left to it', async () => {
    await jobs('d', 'done', 'lost', 'new');
    const first = await worker.take(9, []);
    await run(first.filter(([row]) => row?.eventId === 'done'));
    await jobs('e', 'more');
    bench.database.tables.pending.rows.forEach((row, id, rows) => {
      if (row.eventId === 'lost') rows.set(id, { ...row, leaseToken: 'another' });
    });
    expect(bench.done).toEqual(['call done']);
    await run(first.filter(([row]) => row?.eventId !== 'done'));
    expect(bench.done).toEqual(['call done', 'call lost', 'call new']);
    // What `lost` did is told by nobody: the process that has its lease by now does it again, under the same key.
    expect(bench.rows.map(({ eventId }) => eventId)).toEqual(['lost', 'more']);
    expect(bench.ledger.map(({ status }) => status)).toEqual(['done', 'started', 'done']);
  });

  it('runs jobs that may have ended the process one at a time, beside those that have not', async () => {
    await jobs('d', 'killer-1', 'killer-2', 'fine');
    bench.change('killer-1', { starts: 1 });
    bench.change('killer-2', { starts: 1 });
    const first = await worker.take(9, []);
    expect(idsOf(first)).toEqual(['killer-1', 'fine']);
    expect(free()).toEqual(['killer-2']);
    expect(await worker.take(9, inHand(first))).toEqual([]);
    // It is not even leased while the other is at work: each lease would count as a start.
    expect(bench.one.calls.filter((name) => name === 'store.unclaim')).toHaveLength(1);
    await run(first);
    expect(idsOf(await worker.take(9, []))).toEqual(['killer-2']);
  });

  it('ends a job of a handler it does not have, and gives its place back', async () => {
    await bench.commit({ pending: [bench.job('j-1', 'd', { handler: 'use' })] });
    await run(await worker.take(9, []));
    expect(bench.letters).toMatchObject([{ errorCode: 'handler_fatal', handler: 'use', eventId: 'j-1' }]);
    expect(worker.status()).toEqual([]);
  });

  it('leaves a job to its lease whose begin could not be noted; nothing was done', async () => {
    await jobs('d', '1', '2');
    bench.one.fail('store.startActs', 'lost_request');
    const batches = await worker.take(9, []);
    for (const batch of batches)
      await expect(worker.run(batch)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect([bench.done, worker.status()]).toEqual([[], []]);
  });

  it('tells apart whose fault a failure is: a refusal for good is the receiver’s answer, and no trouble', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    await jobs('d', ...ids);
    for (const id of ids) fails(id, new FatalError('no such service'));
    await run(await worker.take(9, []));
    await run(await worker.take(9, []));
    expect(bench.letters).toHaveLength(6);
    expect(bench.one.said.join()).not.toContain('The circuit has opened');
  });
});
