import type { PendingRow, Store } from '@signalbox/agent-kit';
import {
  cancelled,
  due,
  inTransaction,
  keyOf,
  makeKeys,
  settle,
  timer,
  waiting,
  write,
  type Stores,
} from './stores.js';

const namesOf = (rows: readonly PendingRow[]): (string | undefined)[] => rows.map((row) => row.timer?.name);
const future = new Date(8.64e12);

/** Timers of keys, armed or in the queue of a blocked key. */
export function timersContract(stores: () => Stores): void {
  beforeEach(() => makeKeys(stores().a, 'k', 'other'));
  const take = async (by: keyof Stores = 'a', more: object = {}) =>
    stores()[by].claimDue({ ...due('retry', 'parked', 'timer'), ...more });
  const isHeld = (store: Store, { lease }: PendingRow): Promise<boolean> =>
    inTransaction(store, async (tx) => (await tx.takePending([lease])).size === 1);

  it('fires what is due, with what set it and what it carries', async () => {
    const { a } = stores();
    await write(a, { timers: [timer('k', 'now'), timer('k', 'later', future), timer('other', 'now')] });
    const rows = await take();
    expect(rows.map((row) => `${row.key.value} ${row.timer?.name}`).sort()).toEqual(['k now', 'other now']);
    expect(rows[0]).toMatchObject({
      kind: 'timer',
      handle: null,
      record: null,
      eventId: 'set now',
      timer: {
        name: 'now',
        payload: { of: 'now' },
        setBy: { eventId: 'set now', correlationId: 'c', hops: 3 },
      },
    });
  });

  it('sets by name: the last word of a chunk and of all chunks counts, and a cancelled one is gone', async () => {
    const { a } = stores();
    await write(a, {
      timers: [timer('k', 'one'), cancelled('k', 'one'), cancelled('k', 'two'), timer('k', 'two')],
    });
    await write(a, { timers: [timer('k', 'three'), timer('k', 'four')] });
    await write(a, {
      timers: [timer('k', 'three', future), cancelled('k', 'four'), cancelled('k', 'never set')],
    });
    expect(namesOf(await take())).toEqual(['two']);
  });

  it('takes the firing away from who has claimed it, when the timer is cancelled or moved meanwhile', async () => {
    const { a } = stores();
    await write(a, { timers: [timer('k', 'cancelled'), timer('k', 'moved'), timer('k', 'kept')] });
    const rows = await take('b');
    await write(a, { timers: [cancelled('k', 'cancelled'), timer('k', 'moved', future)] });
    const held = await inTransaction(stores().b, (tx) => tx.takePending(rows.map(({ lease }) => lease)));
    expect(rows.flatMap((row) => (held.has(row.id) ? [row.timer?.name] : []))).toEqual(['kept']);
  });

  it('fires nothing due later than it is told the inputs are read, and holds up no retry by that', async () => {
    const { a } = stores();
    const [early, late] = [new Date(1_000), new Date(2_000)];
    await write(a, {
      timers: [timer('k', 'early', early), timer('k', 'late', late)],
      pending: [waiting('retry', 'other', 'r')],
    });
    expect((await take('a', { timersUntil: null })).map(({ kind }) => kind)).toEqual(['retry']);
    expect(namesOf(await take('a', { timersUntil: early }))).toEqual(['early']);
    expect(namesOf(await take('a', { timersUntil: late }))).toEqual(['late']);
  });

  it('lets a firing join the end of its blocked key’s queue, where it needs no leave to fire and a cancel finds it', async () => {
    const { a, b } = stores();
    await write(a, { timers: [timer('k', 'first'), timer('k', 'second')] });
    const rows = await take();
    await write(a, { pending: [waiting('retry', 'k', 'head', { dueAt: future, claimAt: future })] });
    await settle(a, { queuedTimers: rows.map(({ id }) => id) });
    const queue = () => inTransaction(b, (tx) => tx.queuesOfKeys([keyOf('k')], 10));
    expect((await queue()).map((row) => [row.timer?.name ?? row.eventId, row.isQueued])).toEqual([
      ['head', false],
      ['first', true],
      ['second', true],
    ]);
    await write(b, { timers: [cancelled('k', 'first')] });
    const [head] = await queue();
    await settle(b, { ended: [head?.id ?? 0n] });
    await inTransaction(b, (tx) => tx.makeNextDue([{ key: keyOf('k'), exceptTimers: [] }]));
    expect(namesOf(await take('a', { timersUntil: null }))).toEqual(['second']);
  });

  it('gives a queue its next head when a firing at its head is cancelled or moved, and frees the key without one', async () => {
    const { a } = stores();
    await write(a, { timers: [timer('k', 'head'), timer('k', 'next')] });
    await settle(a, { queuedTimers: (await take()).map(({ id }) => id) });
    const queues = (...exceptTimers: string[]) => [{ key: keyOf('k'), exceptTimers }];
    await inTransaction(a, async (tx) => {
      expect(await tx.makeNextDue(queues('head', 'next'))).toEqual([]);
      expect(await tx.makeNextDue(queues())).toEqual([keyOf('k')]);
    });
    const blocked = {
      ...keyOf('k'),
      state: null,
      stateVersion: 0,
      changed: false,
      emitted: false,
      blocked: true,
    };
    await write(a, { keys: [blocked] });
    await write(a, { timers: [timer('k', 'head', future)] });
    const [next] = await take('a', { timersUntil: null });
    expect(next && [next.timer?.name, await isHeld(a, next)]).toEqual(['next', true]);
    const isBlocked = async () => (await inTransaction(a, (tx) => tx.readKeys([keyOf('k')])))[0]?.blocked;
    expect(await isBlocked()).toBe(true);
    await write(a, { timers: [cancelled('k', 'next')] });
    expect(await isBlocked()).toBe(false);
  });

  it('puts a failed firing back into the queue of its key, and a set timer begins anew', async () => {
    const { a } = stores();
    await write(a, { timers: [timer('k', 't')] });
    const [row] = await take();
    const failure = {
      id: row?.id ?? 0n,
      dueAt: new Date(1_000),
      claimAt: new Date(1_000),
      attempts: 1,
      errorCode: 'handler_failed',
      errorMessage: 'no',
    };
    await settle(a, { postponed: [failure] });
    expect(await take('a', { timersUntil: null, leaseMs: 0 })).toMatchObject([
      { kind: 'timer', isQueued: true, attempts: 1 },
    ]);
    await write(a, { timers: [timer('k', 't')] });
    const anew = { isQueued: false, attempts: 0, starts: 1, firstFailedAt: null, redrives: 0 };
    expect(await take()).toMatchObject([anew]);
  });

  it('tells when the next falls due, within a minute, and whether a due timer waits to be taken', async () => {
    const { a } = stores();
    const now = (await a.now()).getTime();
    const next = () => a.nextDue(['timer', 'retry']);
    expect(await next()).toEqual({ inMs: undefined, doTimersWait: false });
    await write(a, { timers: [timer('k', 'far', new Date(now + 120_000))] });
    expect(await next()).toEqual({ inMs: undefined, doTimersWait: false });
    await write(a, {
      timers: [timer('k', 'near', new Date(now + 50_000)), timer('k', 'past', new Date(now - 10_000))],
    });
    const { inMs, doTimersWait } = await next();
    expect([doTimersWait, inMs !== undefined && inMs > 1_000 && inMs <= 50_000]).toEqual([true, true]);
    expect(namesOf(await take())).toEqual(['past']);
    expect((await next()).doTimersWait).toBe(false);
    expect(await a.nextDue(['job'])).toEqual({ inMs: undefined, doTimersWait: false });
  });
}
