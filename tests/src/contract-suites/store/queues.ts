import type { PendingRow, Store, WakeUp } from '@signalbox/agent-kit';
import {
  due,
  idsOf,
  inTransaction,
  keyOf,
  longAgo,
  makeKeys,
  record,
  settle,
  waiting,
  write,
  type Stores,
} from './stores.js';

const queueOf = (store: Store, values: readonly string[], limit = 10): Promise<readonly PendingRow[]> =>
  inTransaction(store, (tx) => tx.queuesOfKeys(values.map(keyOf), limit));
const nextDue = (store: Store, value: string) =>
  inTransaction(store, (tx) => tx.makeNextDue([{ key: keyOf(value), exceptTimers: [] }]));
const isTaken = (store: Store, { lease }: PendingRow): Promise<boolean> =>
  inTransaction(store, async (tx) => (await tx.takePending([lease])).size === 1);

/** Events that failed, and those that wait behind them. */
export function queuesContract(stores: () => Stores): void {
  beforeEach(() => makeKeys(stores().a, 'k', 'other'));
  const take = async (by: keyof Stores, more: object = {}) =>
    stores()[by].claimDue({ ...due('retry', 'parked', 'redrive'), ...more });

  it('leases what is due to one process, the earliest first and no more than asked for, and counts the start', async () => {
    const { a } = stores();
    const at = (ms: number) => ({ dueAt: new Date(ms), claimAt: new Date(ms) });
    await write(a, {
      pending: [
        waiting('retry', 'k', '2', at(2_000)),
        waiting('redrive', 'other', '1', at(1_000)),
        waiting('retry', 'x', '3', at(3_000)),
      ],
    });
    await write(a, {
      pending: [waiting('retry', 'y', 'future', at(8.64e12)), waiting('parked', 'k', 'behind')],
    });
    const first = await take('b', { limit: 2 });
    expect(first.map(({ eventId, starts, attempts }) => [eventId, starts, attempts])).toEqual([
      ['1', 1, 1],
      ['2', 1, 1],
    ]);
    expect(first[1]).toMatchObject({
      kind: 'retry',
      handler: 'place',
      key: keyOf('k'),
      source: 's',
      isOrdered: true,
      isQueued: false,
      record,
      timer: null,
    });
    expect(idsOf(await take('a'))).toEqual(['3']);
    expect(await take('a')).toEqual([]);
  });

  it('takes a lease that has run out away from its holder, and gives back unrun what is given back', async () => {
    const { a, b } = stores();
    await write(a, { pending: [waiting('retry', 'k', '1')] });
    const [stale] = await take('a', { leaseMs: 0 });
    const [held] = await take('b');
    if (!stale || !held) throw new TypeError('nothing was claimed');
    expect([held.starts, await isTaken(a, stale), await isTaken(b, held)]).toEqual([2, false, true]);
    await a.unclaim([stale.lease]); // not its own any more: changes nothing
    expect(await take('a')).toEqual([]);
    await b.unclaim([held.lease]);
    expect((await take('a')).map(({ starts }) => starts)).toEqual([2]);
    expect(await take('a', { leaseMs: 0 })).toEqual([]);
  });

  it('leaves out what the process has in hand', async () => {
    const { a } = stores();
    await write(a, { pending: [waiting('retry', 'k', '1'), waiting('retry', 'other', '2')] });
    const [first] = await take('a', { leaseMs: 0, limit: 1 });
    expect(idsOf(await take('a', { exceptIds: [first?.id] }))).toEqual(['2']);
  });

  it('shows the queue of each key in its order, so many rows of each, without what keeps no order', async () => {
    const { a } = stores();
    const rows = ['1', '2', '3'].map((id) => waiting(id === '1' ? 'retry' : 'parked', 'k', id));
    await write(a, {
      pending: [
        ...rows,
        waiting('retry', 'k', 'beside', { isOrdered: false }),
        waiting('redrive', 'other', '4'),
      ],
    });
    expect(idsOf(await queueOf(a, ['k'], 2))).toEqual(['1', '2']);
    expect(idsOf(await queueOf(a, ['k', 'other', 'none'])).sort()).toEqual(['1', '2', '3', '4']);
    const known = [...(await take('a'))].sort((x, y) => Number(x.sequence - y.sequence));
    expect(idsOf(known)).toEqual(['1', 'beside', '4']);
    const ids = known.map(({ id }) => id);
    const others = await inTransaction(a, (tx) => tx.queuesOfKeys(['k', 'other'].map(keyOf), 2, ids));
    expect(idsOf(others)).toEqual(['2', '3']);
  });

  it('makes the next of a queue due when its head has ended, and says which keys have none', async () => {
    const { a, b } = stores();
    await write(a, {
      pending: [waiting('retry', 'k', '1'), waiting('parked', 'k', '2'), waiting('parked', 'k', '3')],
    });
    const [head] = await take('a');
    await inTransaction(a, async (tx) => {
      await tx.settlePending({
        ended: [head?.id ?? 0n],
        postponed: [],
        queuedTimers: [],
        stoodBack: [],
        acts: [],
      });
      const queues = ['k', 'other'].map((value) => ({ key: keyOf(value), exceptTimers: [] }));
      expect(await tx.makeNextDue(queues)).toEqual([keyOf('k')]);
    });
    expect(await nextDue(b, 'k')).toEqual([keyOf('k')]); // has its time already
    const [next, ...more] = await take('b');
    expect([next?.kind, next?.eventId, more.length]).toEqual(['parked', '2', 0]);
    expect(next?.dueAt.getTime()).toBeLessThanOrEqual((await a.now()).getTime());
  });

  it('puts a failed row back for its next attempt: a parked one is the head now, and its lease is void', async () => {
    const { a } = stores();
    await write(a, { pending: [waiting('parked', 'k', '1', { dueAt: longAgo, claimAt: longAgo })] });
    const [row] = await take('a');
    if (!row) throw new TypeError('nothing was claimed');
    const [dueAt, claimAt] = [new Date(1_000), new Date(8.64e12)];
    const failure = {
      id: row.id,
      dueAt,
      claimAt,
      attempts: 4,
      errorCode: 'handler_failed',
      errorMessage: 'no',
    };
    await settle(a, { postponed: [failure] });
    expect([await take('a'), await isTaken(a, row)]).toEqual([[], false]);
    const handle = row.handle ?? '';
    const wake = (attempts: number) => inTransaction(a, (tx) => tx.wake([{ handle, attempts }]));
    await wake(3); // an attempt that is over
    expect(await take('a')).toEqual([]);
    await wake(4);
    expect(await take('a')).toMatchObject([{ kind: 'retry', eventId: '1', attempts: 4, starts: 1, dueAt }]);
    expect((await queueOf(a, ['k']))[0]?.firstFailedAt).toBeInstanceOf(Date);
  });

  it('leases what a retry topic wakes to the one who asks, once, when it is due and was never begun; else it becomes due', async () => {
    const { a, b } = stores();
    const inAMinute = new Date((await a.now()).getTime() + 60_000);
    const asleep = { claimAt: inAMinute };
    const rows = ['k', 'other', 'early', 'plain', 'twice'].map((value) =>
      waiting(
        'retry',
        value,
        value,
        value === 'early' ? { dueAt: inAMinute, claimAt: new Date(8.64e12) } : asleep,
      ),
    );
    await write(a, { pending: rows });
    const [k, other, early, plain, twice] = rows.map(({ handle }) => ({ handle, attempts: 1 }));
    if (!k || !other || !early || !plain || !twice) throw new TypeError('a row is missing');
    const stale = { ...plain, attempts: 2 };
    const wake = (store: Store, wakeUps: readonly WakeUp[], leaseMs?: number) =>
      inTransaction(store, (tx) => tx.wake(wakeUps, leaseMs));
    const leased = await wake(a, [k, other, early, stale], 60_000);
    expect(leased.map(({ eventId, starts, record: at }) => [eventId, starts, at]).sort()).toEqual([
      ['k', 1, record],
      ['other', 1, record],
    ]);
    expect(await wake(b, [k, other], 60_000)).toEqual([]); // is at work
    expect(await wake(b, [plain])).toEqual([]); // due from now on
    const [lost] = await wake(b, [twice], 0);
    expect(await wake(a, [twice], 60_000)).toEqual([]); // begun before: it may be what ends its process
    const taken = await take('b');
    expect(taken.map(({ eventId, starts }) => [eventId, starts]).sort()).toEqual([
      ['plain', 1],
      ['twice', 2],
    ]);
    expect([await isTaken(b, lost as PendingRow), await isTaken(b, leased[0] as PendingRow)]).toEqual([
      false,
      true,
    ]);
    await a.unclaim(leased.map(({ lease }) => lease));
    expect((await take('a')).map(({ eventId, starts }) => [eventId, starts]).sort()).toEqual([
      ['k', 1],
      ['other', 1],
    ]);
  });

  it('lets a row stand back behind another until it is the next', async () => {
    const { a } = stores();
    await write(a, { pending: [waiting('retry', 'k', '1')] });
    const [row] = await take('a');
    await settle(a, { stoodBack: [row?.id ?? 0n] });
    expect(await take('a')).toEqual([]);
    await nextDue(a, 'k');
    expect((await take('a')).map(({ eventId, starts }) => [eventId, starts])).toEqual([['1', 1]]);
  });

  it('refuses a second row of the same work, as the data’s own fault', async () => {
    const { a } = stores();
    const [row] = [waiting('retry', 'k', '1')];
    await write(a, { pending: [row] });
    const again = write(a, { pending: [{ ...row, eventId: '2' }] });
    await expect(again).rejects.not.toMatchObject({ code: 'database_unavailable' });
    expect(idsOf(await take('a'))).toEqual(['1']);
  });

  it('counts what is parked, in all and of the key with most, up to the limits given', async () => {
    const { a } = stores();
    const parked = ['k', 'k', 'k', 'other'].map((value, n) => waiting('parked', value, String(n)));
    await write(a, { pending: [...parked, waiting('retry', 'k', 'head')] });
    expect(await a.parkedCounts?.(100, 100)).toEqual({ total: 4, ofOneKey: 3 });
    expect(await a.parkedCounts?.(2, 1)).toEqual({ total: 2, ofOneKey: 1 });
  });

  it('tells listeners of every process when work was committed, and once when they begin', async () => {
    const { a, b } = stores();
    const heard: string[] = [];
    const calls = { count: 0, next: (): void => undefined };
    const next = (): Promise<void> => new Promise((resolve) => (calls.next = resolve));
    const begun = next();
    const stop = await b.onPending(() => {
      heard.push('b');
      calls.next();
    });
    await begun;
    const told = next();
    const before = heard.length;
    // What waits for another row or for a retry topic is not found in the table now.
    await write(a, { pending: [waiting('parked', 'k', '1')] });
    await write(a, { pending: [waiting('retry', 'k', '2', { claimAt: new Date(8.64e12) })] });
    await write(a, { pending: [waiting('retry', 'k', '3')] });
    await told;
    await stop();
    expect([before, heard.length]).toEqual([1, 2]);
  });
}
