import type { DeadLetter, PendingRow, RedriveRun } from '@signalbox/agent-kit';
import { OperatorBench, letterOf, orderKey, waiting, who } from '../../test/letters.js';

let bench: OperatorBench;
beforeAll(async () => {
  bench = await OperatorBench.open();
});
beforeEach(() => bench.empty());
afterAll(() => bench.close());

describe('a redrive of many', () => {
  const wanted = (lastId: bigint, filter = {}) => ({
    filter,
    ratePerS: 50,
    lettersMax: 100,
    total: 3,
    lastId,
    askedBy: who.by,
  });
  const progress = (atId: bigint, isDone = false) => ({
    atId,
    redriven: 2,
    refused: 1,
    lastRefusal: 'at_work',
    isDone,
  });

  it('remembers what was asked for, filter and times included', async () => {
    const filter = { fingerprint: 'f1', from: new Date(1_000), to: new Date(2_000) };
    const run = await bench.a.startRun(wanted(9n, filter));
    expect(run).toMatchObject({
      ...wanted(9n, filter),
      redriven: 0,
      refused: 0,
      status: 'running',
      atId: 0n,
      endedAt: null,
    });
    expect(await bench.b.redriveRun(run.id)).toEqual(run);
    expect(await bench.b.redriveRun(run.id + 9n)).toBeUndefined();
  });

  it('is worked off by one process at a time, the oldest first; another takes over when its lease is out', async () => {
    const [first, second] = [await bench.a.startRun(wanted(9n)), await bench.a.startRun(wanted(9n))];
    expect((await bench.a.takeRun(60_000))?.id).toBe(first.id);
    expect(await bench.b.takeRun(60_000)).toBeUndefined();
    expect((await bench.a.takeRun(-1))?.id).toBe(first.id);
    expect((await bench.b.takeRun(60_000))?.id).toBe(first.id);
    expect(await bench.a.advanceRun(first.id, progress(3n))).toBe(false);
    expect(await bench.b.advanceRun(first.id, progress(3n, true))).toBe(true);
    expect(await bench.b.redriveRun(first.id)).toMatchObject({
      status: 'done',
      redriven: 2,
      refused: 1,
      lastRefusal: 'at_work',
      atId: 3n,
    });
    expect((await bench.a.takeRun(60_000))?.id).toBe(second.id);
    expect((await bench.a.runs(9)).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await bench.a.runs(1)).toHaveLength(1);
  });

  it('is cancelled and resumed by a person, and what was done meanwhile counts', async () => {
    const { id } = await bench.a.startRun(wanted(9n));
    await bench.a.takeRun(60_000);
    expect(await bench.b.setRunStatus(id, 'running')).toBeUndefined();
    expect((await bench.b.setRunStatus(id, 'cancelled'))?.endedAt).toBeInstanceOf(Date);
    expect(await bench.b.setRunStatus(id, 'cancelled')).toBeUndefined();
    expect(await bench.a.advanceRun(id, progress(5n, true))).toBe(false);
    expect(await bench.a.takeRun(60_000)).toBeUndefined();
    expect(await bench.b.setRunStatus(id, 'running')).toMatchObject({
      status: 'running',
      redriven: 2,
      atId: 5n,
      endedAt: null,
    });
    expect((await bench.a.takeRun(60_000))?.id).toBe(id);
  });

  it('takes open letters behind its place, the oldest first, none that came after it was asked for', async () => {
    const letters = await bench.letters(
      letterOf('e1'),
      letterOf('e2'),
      letterOf('e3', { fingerprint: 'f2' }),
      letterOf('e4'),
    );
    const ids = letters.map(({ id }) => id);
    await bench.a.discard(ids[1] as bigint, who.by, who.why);
    const run = await bench.a.startRun(wanted(ids[3] as bigint, { fingerprint: 'f1' }));
    await bench.letters(letterOf('late'));
    const next = async (of: RedriveRun, limit = 9) =>
      (await bench.a.lettersOfRun(of, limit)).map(({ eventId }) => eventId);
    expect(await next(run)).toEqual(['e1', 'e4']);
    expect(await next(run, 1)).toEqual(['e1']);
    expect(await next({ ...run, atId: ids[0] as bigint })).toEqual(['e4']);
  });
});

describe('what a person changes', () => {
  it('reaches listening processes at once, each change as what it is', async () => {
    const { store, pool } = bench.store;
    const heard: string[] = [];
    let hasHeardOfClock: () => void = () => undefined;
    const heardOfClock = new Promise<void>((resolve) => (hasHeardOfClock = resolve));
    const stop = await store.onPending(
      () => {
        if (heard.push('work') > 1) hasHeardOfClock();
      },
      () => void heard.push('orders'),
    );
    await bench.b.setSwitch('paused', who);
    await bench.b.setSwitch('paused', null);
    const wanted = { filter: {}, ratePerS: 50, lettersMax: 100, total: 3, lastId: 9n, askedBy: who.by };
    const { id } = await bench.b.startRun(wanted);
    await bench.b.setRunStatus(id, 'cancelled');
    await bench.b.setRunStatus(id, 'running');
    await bench.a.takeRun(60_000);
    const progress = { atId: 5n, redriven: 2, refused: 0, lastRefusal: null, isDone: false };
    expect(await bench.a.advanceRun(id, progress)).toBe(true); // its own steps wake nobody
    await pool.query('UPDATE sb_clock SET offset_ms = 0');
    await heardOfClock;
    await stop();
    const begin = ['work', 'orders'];
    expect(heard).toEqual([...begin, 'orders', 'orders', 'orders', 'orders', 'work']);
  });
});

describe('a blocked key', () => {
  const dropped = ({ eventId, key, sequence }: PendingRow): DeadLetter =>
    letterOf(eventId, { key, sequence, errorCode: 'handler_failed' });

  it('is shown with its head, what it waits for and for how long, the longest blocked first', async () => {
    await bench.queue(true, waiting('retry', 'head'), waiting('parked', 'behind'));
    const [shown, ...others] = await bench.a.blockedKeys(9);
    expect(others).toEqual([]);
    expect(shown).toMatchObject({
      ...orderKey('k'),
      waiting: 2,
      nextAttemptAt: new Date(8.64e12),
      head: { handler: 'place', eventId: 'head', attempts: 2 },
      errorCode: 'handler_failed',
      errorMessage: 'not yet',
    });
    expect(shown?.since).toBeInstanceOf(Date);
    await bench.queue(false);
    expect(await bench.a.blockedKeys(9)).toEqual([]);
  });

  it('that waits for a person tells of the dead letter that stopped it', async () => {
    await bench.queue(true, waiting('parked', 'behind'));
    await bench.letters(letterOf('older', { errorMessage: 'older' }), letterOf('e1'));
    expect(await bench.a.blockedKeys(9)).toMatchObject([
      { waiting: 1, nextAttemptAt: null, errorMessage: 'cannot place e1', head: { eventId: 'behind' } },
    ]);
  });

  it('is released: its head runs now, and whoever has it in hand has lost it', async () => {
    await bench.queue(
      true,
      waiting('retry', 'head', { dueAt: new Date(0), claimAt: new Date(0) }),
      waiting('parked', 'behind'),
    );
    const ask = {
      kinds: ['retry'] as const,
      limit: 1,
      leaseMs: 60_000,
      timersUntil: null,
      exceptDestinations: [],
    };
    const [row] = await bench.store.store.claimDue(ask);
    expect(await bench.a.releaseKey(orderKey('k'))).toBe(true);
    expect(await bench.queued()).toEqual([
      ['head', true],
      ['behind', false],
    ]);
    const tx = await bench.store.store.begin();
    expect(await tx.takePending(row ? [row.lease] : [])).toEqual(new Set());
    await tx.rollback();
    expect(await bench.store.store.claimDue(ask)).toMatchObject([{ eventId: 'head', starts: 1 }]);
  });

  it('without a queue is freed, and one that is not blocked is left alone', async () => {
    await bench.queue(true);
    expect(await bench.a.releaseKey(orderKey('k'))).toBe(true);
    expect([await bench.isBlocked(), await bench.a.releaseKey(orderKey('k'))]).toEqual([false, false]);
    expect(await bench.a.releaseKey(orderKey('unknown'))).toBe(false);
  });

  it('loses its head or all of its queue to the discarded letters; what is left goes on', async () => {
    await bench.queue(true, waiting('retry', 'head'), waiting('parked', 'next'), waiting('parked', 'last'));
    expect(await bench.a.dropFromKey(orderKey('k'), 'head', who, dropped)).toBe(1);
    expect(await bench.queued()).toEqual([
      ['next', true],
      ['last', false],
    ]);
    expect(await bench.a.dropFromKey(orderKey('k'), 'all', who, dropped)).toBe(2);
    expect([await bench.queued(), await bench.isBlocked()]).toEqual([[], false]);
    const letters = await bench.a.letters({ status: 'discarded' }, { limit: 9 });
    expect(letters.map(({ eventId, settled }) => [eventId, settled?.by, settled?.why])).toEqual(
      ['last', 'next', 'head'].map((id) => [id, who.by, who.why]),
    );
    expect(await bench.a.dropFromKey(orderKey('k'), 'all', who, dropped)).toBe(0);
  });

  it('keeps its queue when a letter cannot be written', async () => {
    await bench.queue(true, waiting('retry', 'head'));
    const broken = () =>
      bench.a.dropFromKey(orderKey('k'), 'all', who, () => {
        throw new TypeError('a bug');
      });
    await expect(broken()).rejects.toThrow('a bug');
    expect(await bench.queued()).toEqual([['head', true]]);
  });
});

describe('kill switches', () => {
  it('are off, then on by the first who turned them on, each by itself', async () => {
    expect(await bench.a.control()).toEqual({ paused: null, effectsHeld: null });
    await bench.a.setSwitch('paused', who);
    const both = await bench.b.setSwitch('paused', { by: 'ben', why: 'as well' });
    expect(both).toMatchObject({ paused: who, effectsHeld: null });
    expect(both.paused?.since.getTime()).toBeGreaterThan(0);
    expect(await bench.a.setSwitch('effectsHeld', who)).toMatchObject({ paused: who, effectsHeld: who });
    expect(await bench.b.setSwitch('paused', null)).toMatchObject({ paused: null, effectsHeld: who });
    await bench.a.setSwitch('effectsHeld', null);
    expect(await bench.b.control()).toEqual({ paused: null, effectsHeld: null });
  });

  it('count the acts begun lately', async () => {
    const act = (n: number, age: string) =>
      bench.store.pool.query(
        `INSERT INTO sb_ledger (idempotency_key, handler, event_id, destination, token, attempt, status, started_at)
         VALUES (gen_random_uuid(), 'send', $1, 'd', gen_random_uuid(), 1, 'started', clock_timestamp() - $2::interval)`,
        [`e${n}`, age],
      );
    await act(1, '2 hours');
    await act(2, '1 minute');
    await act(3, '0 minutes');
    expect(await bench.a.actsStartedWithin(3_600_000)).toBe(2);
    expect(await bench.a.actsStartedWithin(30_000)).toBe(1);
  });
});
