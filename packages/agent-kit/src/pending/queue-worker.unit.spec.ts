import { PendingBench, type HandlerChanges } from '../../test/pending-bench.js';
import { settle } from '../../test/kit-bench.js';
import { counter } from '../../test/agent.js';
import type { PendingKind } from '../ports/store.js';
import type { DueBatch } from './due-loop.js';
import type { Narrow } from './narrow.js';
import { QueueWorker } from './queue-worker.js';

const kinds: readonly PendingKind[] = ['retry', 'parked', 'redrive', 'timer'];

describe('the worker of queues', () => {
  let bench: PendingBench;
  let worker: QueueWorker;
  let cut: AbortController;
  let narrow: Narrow;
  const open = async (changes: HandlerChanges = {}): Promise<void> => {
    bench = new PendingBench(changes);
    cut = new AbortController();
    narrow = (wanted, limit) => Promise.resolve({ kinds: wanted, limit });
    const { store, context } = bench.one.ports;
    for (const topic of context.registry.topics) await store.startTopic(topic, new Map(), new Map([[0, 0n]]));
    worker = new QueueWorker(kinds, bench.one.ports, cut.signal, (...all) => narrow(...all));
  };
  beforeEach(() => open());
  afterEach(() => worker.settled());

  const timers = (...values: string[]) => bench.commit({ timers: values.map((value) => bench.timer(value)) });
  /** Takes what is due, once what was published before it is known to be handled. */
  const take = async (places = 100): Promise<readonly DueBatch[]> => {
    await worker.msToNext();
    await worker.take(0, []); // looks how far the inputs are handled
    await worker.take(
      1,
      bench.rows.map(({ id }) => id),
    );
    await worker.settled();
    return worker.take(places, []);
  };
  const keysOf = (batches: readonly DueBatch[]) => batches.map((batch) => batch.map(({ key }) => key.value));
  const claims = () => bench.one.calls.filter((call) => call === 'store.claimDue').length;
  const commits = () => bench.one.calls.filter((call) => call === 'tx.commit').length;

  it('asks the kill switches first: what they hold back is not leased', async () => {
    await timers('ada');
    narrow = () => Promise.resolve({ kinds: [], limit: 9 });
    expect(await worker.take(9, [])).toEqual([]);
    narrow = (wanted) => Promise.resolve({ kinds: wanted, limit: 0 });
    expect(await worker.take(9, [])).toEqual([]);
    expect(claims()).toBe(0);
  });

  it('takes at most 500 rows at once, in batches of at most 250 of different keys', async () => {
    const limits: number[] = [];
    narrow = (wanted, limit) => {
      limits.push(limit);
      return Promise.resolve({ kinds: wanted, limit });
    };
    const users = Array.from({ length: 260 }, (_none, n) => `usr-${n}`);
    await timers(...users);
    const batches = await take(9_999);
    expect(Math.max(...limits)).toBe(500);
    expect(batches.map((batch) => batch.length)).toEqual([250, 10]);
  });

  it('looks how far the inputs are handled as soon as timers are due, and tells when they may fire', async () => {
    let frees = 0;
    worker.onFree = () => (frees += 1);
    await timers('ada');
    expect(await worker.take(9, [])).toEqual([]);
    expect(await worker.msToNext()).toBe(0);
    await worker.take(9, []);
    await worker.settled();
    expect(frees).toBe(1);
    expect(keysOf(await worker.take(9, []))).toEqual([['ada']]);
  });

  it('knows when the next is due', async () => {
    expect(await worker.msToNext()).toBeUndefined();
    await bench.commit({ timers: [bench.timer('ada', 5_000)] });
    expect(await worker.msToNext()).toBe(5_000);
  });

  it('takes a row that may have ended its process alone, and nothing beside it until it has ended', async () => {
    await timers('a', 'killer', 'b');
    bench.change('killer', { starts: 1 });
    const [batch = [], ...more] = await take();
    expect([keysOf([batch]), more]).toEqual([[['killer']], []]);
    expect(bench.rows.map(({ starts, leaseToken }) => [starts, leaseToken !== null])).toEqual([
      [0, false],
      [2, true],
      [0, false],
    ]);
    expect(await worker.take(9, [])).toEqual([]);
    await worker.run(batch);
    const next = await worker.take(9, []);
    expect(keysOf(next)).toEqual([['a']]); // one by one until none of the rows taken is suspect
    expect(
      keysOf(
        await worker.take(
          9,
          next.flat().map(({ id }) => id),
        ),
      ),
    ).toEqual([['b']]);
  });

  it('lets what is at work end before a suspect begins', async () => {
    await timers('slow');
    const [first = []] = await take();
    const holder = await bench.process('other').ports.store.begin();
    await holder.lockKeys([counter.key('slow')]);
    const busy = await worker.run(first);
    const waiting = worker.run(busy[0] ?? []);
    await timers('killer');
    bench.change('killer', { starts: 1 });
    const [suspect = []] = await take();
    const alone = worker.run(suspect);
    await settle();
    expect(bench.done).toEqual([]);
    await holder.rollback();
    await Promise.all([waiting, alone]);
    expect(bench.done).toEqual(['end slow', 'end killer']);
  });

  it('works a batch in one transaction, rows with a busy key apart from it', async () => {
    await timers('a', 'held', 'b');
    const [batch = []] = await take();
    const holder = await bench.process('other').ports.store.begin();
    await holder.lockKeys([counter.key('held')]);
    const apart = await worker.run(batch);
    expect([commits(), bench.done]).toEqual([1, ['end a', 'end b']]);
    expect(keysOf(apart)).toEqual([['held']]);
    await holder.rollback();
    expect(await worker.run(apart[0] ?? [])).toEqual([]);
    expect(bench.done).toEqual(['end a', 'end b', 'end held']);
  });

  it('tries the head alone when the database refuses what its queue led to, then makes it a dead letter', async () => {
    await bench.queue('ada', 2);
    const refused = new Error('invalid byte sequence');
    bench.one.fail('tx.write', refused, refused);
    const [batch = []] = await take();
    await bench.inTime(worker.run(batch));
    expect(bench.done.slice(-1)).toEqual(['use evt-ada-0']); // the queue's other rows are not its fault
    expect(bench.letters).toEqual([]);
    expect(bench.rows.map(({ eventId }) => eventId)).toEqual(['evt-ada-1', 'evt-ada-2']);
    bench.one.fail('tx.write', refused, refused, refused, refused);
    const [rest = []] = await take();
    await bench.inTime(worker.run(rest));
    expect(bench.letters).toMatchObject([{ errorCode: 'output_invalid', eventId: 'evt-ada-1' }]);
    expect(bench.rows).toMatchObject([{ eventId: 'evt-ada-2', dueMs: bench.clock.nowMs() }]);
  });

  it('gives a batch up when the process ends before the database answers', async () => {
    await timers('ada');
    const [batch = []] = await take();
    bench.one.fail('tx.settlePending', 'lost_request');
    cut.abort();
    await expect(worker.run(batch)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(bench.letters).toEqual([]);
  });

  it('leaves rows it cannot give back to their leases', async () => {
    await timers('a', 'killer');
    bench.change('killer', { starts: 1 });
    bench.one.fail('store.unclaim', 'lost_request');
    expect(keysOf(await take())).toEqual([['killer']]);
    expect(bench.rows.map(({ leaseToken }) => leaseToken !== null)).toEqual([true, true]);
  });
});
