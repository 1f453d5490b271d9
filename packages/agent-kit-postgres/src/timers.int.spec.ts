import type { StateKey, TimerCause, TimerWrite } from '@signalbox/agent-kit';
import { useStores, type TestStore } from '../test/database.js';
import { anyDue, inChunk, nothing, record, unsettled } from '../test/writes.js';
import { randomUUID } from 'node:crypto';

describe('timers in PostgreSQL', () => {
  let a: TestStore;
  let b: TestStore;
  useStores((opened) => ({ a, b } = opened));
  beforeEach(() => a.pool.query('TRUNCATE sb_key, sb_pending, sb_dead_letter, sb_ledger'));

  const setBy: TimerCause = { source: 's', eventId: 'e', correlationId: 'c', hops: 3 };
  const key = (value: string, kind = 'order'): StateKey => ({ kind, value });
  const set = (
    of: StateKey,
    name: string,
    more: Partial<Extract<TimerWrite, { action: 'set' }>> = {},
  ): TimerWrite => ({
    action: 'set',
    key: of,
    name,
    dueAt: new Date(0),
    payload: null,
    setBy,
    ...more,
  });
  const cancel = (of: StateKey, name: string): TimerWrite => ({ action: 'cancel', key: of, name });
  const claim = (limit = 1_000) => a.store.claimDue({ kinds: ['timer'], limit, leaseMs: 5_000, ...anyDue });
  const names = async () => {
    const { rows } = await a.pool.query<{ id: string }>(
      `SELECT key_kind || '/' || key_value || '/' || timer_name AS id FROM sb_pending ORDER BY 1`,
    );
    return rows.map(({ id }) => id);
  };
  /** Writes timers as a chunk does that has locked their keys; keys that are missing are made with what is written. */
  const write = async (...timers: TimerWrite[]): Promise<void> => {
    const keys = new Map(timers.map((timer) => [JSON.stringify(timer.key), timer.key]));
    const tx = await a.store.begin();
    try {
      const { chunk } = await tx.openChunk();
      await tx.lockKeys([...keys.values()], 'make-later');
      await tx.write({ ...nothing(chunk), timers });
    } catch (error) {
      await tx.rollback();
      throw error;
    }
    await tx.commit();
  };

  const payloads: unknown[] = [
    null,
    'text',
    0,
    [],
    { deep: [{ quote: '"\\\'', line: '\n\t', emoji: '🙂', umlaut: 'äöü' }] },
    'x'.repeat(65_000),
  ];
  it('come back as they were set, whatever they carry', async () => {
    const chain = { length: 7, inHour: 3, hourFromMs: 1_700_000_000_000 };
    await write(
      ...payloads.map((payload, n) => set(key(`k${n}`), 'end', { payload, setBy: { ...setBy, chain } })),
    );
    const claimed = [...(await claim())].sort((one, two) => (one.key.value < two.key.value ? -1 : 1));
    expect(claimed.map(({ timer }) => timer?.payload)).toEqual(payloads);
    expect(claimed[0]).toMatchObject({
      kind: 'timer',
      handle: null,
      source: 's',
      eventId: 'e',
      record: null,
      timer: { name: 'end', setBy: { ...setBy, chain } },
    });
  });

  it('share what their event shares without taking one’s for another’s', async () => {
    const [one, two] = [{ n: 1 }, { n: 2 }];
    await write(
      set(key('a'), 't', { payload: one }),
      set(key('b'), 't', { payload: two, setBy: { ...setBy, eventId: 'e2', correlationId: 'c2' } }),
      set(key('c'), 't', { payload: one }),
      set(key('d'), 't'),
    );
    const claimed = [...(await claim())].sort((x, y) => (x.key.value < y.key.value ? -1 : 1));
    expect(
      claimed.map(({ timer, eventId }) => [timer?.payload, timer?.setBy.correlationId, eventId]),
    ).toEqual([
      [one, 'c', 'e'],
      [two, 'c2', 'e2'],
      [one, 'c', 'e'],
      [null, 'c', 'e'],
    ]);
  });

  it('of keys that are new and of keys that are known go into one chunk', async () => {
    await write(set(key('known'), 'a'), set(key('known'), 'b'));
    await write(
      set(key('known'), 'a', { dueAt: new Date(5_000) }),
      set(key('new'), 'a'),
      cancel(key('known'), 'b'),
      cancel(key('new too'), 'never set'),
    );
    expect(await names()).toEqual(['order/known/a', 'order/new/a']);
  });

  it.each<[string, (of: StateKey) => TimerWrite[], string[]]>([
    ['set and cancelled', (of) => [set(of, 't'), cancel(of, 't')], []],
    ['cancelled and set', (of) => [cancel(of, 't'), set(of, 't')], ['order/k/t']],
    ['set twice', (of) => [set(of, 't'), set(of, 't', { payload: 'last' })], ['order/k/t']],
    [
      'set for two kinds of one value',
      (of) => [set(of, 't'), set(key('k', 'parcel'), 't')],
      ['order/k/t', 'parcel/k/t'],
    ],
  ])('%s in one chunk: the last word of each counts', async (_what, timers, left) => {
    await write(...timers(key('k')));
    expect(await names()).toEqual(left);
    // The same again, when the key is there, and with another key between its words.
    const [first, ...rest] = timers(key('k'));
    await write(...(first ? [first] : []), set(key('other'), 't'), ...rest);
    expect(await names()).toEqual([...left, 'order/other/t'].sort());
  });

  it('keep their order in time when hundreds are set at once', async () => {
    const timers = Array.from({ length: 600 }, (_none, n) =>
      set(key(`k${n % 300}`), `t${n}`, { dueAt: new Date(600 - n) }),
    );
    await write(...timers);
    const claimed = await claim();
    expect(claimed).toHaveLength(600);
    const due = (await a.pool.query<{ due_at: Date }>('SELECT due_at FROM sb_pending ORDER BY claim_at'))
      .rows;
    expect(due.map(({ due_at: at }) => at.getTime())).toEqual(
      Array.from({ length: 600 }, (_none, n) => n + 1),
    );
  });

  it('that are moved begin anew: lease, starts, attempts and error are gone', async () => {
    await write(set(key('k'), 't'));
    const [row] = await claim();
    const tx = await b.store.begin();
    const { chunk } = await tx.openChunk();
    await tx.lockKeys([key('k')]);
    await tx.takePending(row ? [row.lease] : []);
    const again = {
      dueAt: new Date(1),
      claimAt: new Date(1),
      attempts: 4,
      errorCode: 'handler_failed',
      errorMessage: 'x',
    };
    await tx.settlePending({ ...unsettled, postponed: [{ id: row?.id ?? 0n, ...again }] });
    await tx.write(nothing(chunk));
    await tx.commit();
    await write(set(key('k'), 't', { dueAt: new Date(2) }));
    const { rows } = await a.pool.query(
      'SELECT attempts, starts, is_queued, error_code, first_failed_at, lease_token FROM sb_pending',
    );
    expect(rows).toEqual([
      {
        attempts: 0,
        starts: 0,
        is_queued: false,
        error_code: null,
        first_failed_at: null,
        lease_token: null,
      },
    ]);
  });

  describe('at the head of a queue', () => {
    /** A queued firing that is due, and a parked event behind it. */
    const queue = async (isAlone: boolean): Promise<void> => {
      await write(set(key('k'), 't'));
      const [row] = await claim();
      const tx = await b.store.begin();
      const { chunk } = await tx.openChunk();
      await tx.lockKeys([key('k')]);
      await tx.takePending(row ? [row.lease] : []);
      await tx.settlePending({ ...unsettled, queuedTimers: [row?.id ?? 0n] });
      await tx.makeNextDue([{ key: key('k'), exceptTimers: [] }]);
      const blocked = {
        ...key('k'),
        state: null,
        stateVersion: 0,
        changed: false,
        emitted: false,
        blocked: true,
      };
      await tx.write({ ...nothing(chunk), keys: [blocked] });
      await tx.commit();
      const parked = {
        kind: 'parked' as const,
        handle: randomUUID(),
        handler: 'place',
        key: key('k'),
        source: 's',
        eventId: 'behind',
        dueAt: null,
        claimAt: null,
        attempts: 0,
        isOrdered: true,
        record,
      };
      if (!isAlone) await inChunk(b, { pending: [parked] });
    };
    const seen = async () => {
      const { rows } = await a.pool.query<{ blocked: boolean }>('SELECT blocked FROM sb_key');
      const waiting = await a.pool.query<{ kind: string; is_due: boolean }>(
        'SELECT kind, claim_at IS NOT NULL AS is_due FROM sb_pending ORDER BY kind',
      );
      return [rows[0]?.blocked, ...waiting.rows.map(({ kind, is_due: isDue }) => `${kind} ${isDue}`)];
    };

    it.each<[string, boolean, TimerWrite, unknown[]]>([
      ['cancelled', false, cancel(key('k'), 't'), [true, 'parked true']],
      ['cancelled', true, cancel(key('k'), 't'), [false]],
      ['moved', false, set(key('k'), 't', { dueAt: new Date(8.64e12) }), [true, 'parked true', 'timer true']],
      ['moved', true, set(key('k'), 't', { dueAt: new Date(8.64e12) }), [false, 'timer true']],
    ])(
      'and %s (alone in it: %s): the next follows, or the key is free',
      async (_what, isAlone, change, left) => {
        await queue(isAlone);
        expect((await seen())[0]).toBe(true);
        await write(change);
        expect(await seen()).toEqual(left);
      },
    );

    it('and left alone by a change of another timer', async () => {
      await queue(true);
      await write(cancel(key('k'), 'other'), set(key('k'), 'more', { dueAt: new Date(8.64e12) }));
      expect((await seen())[0]).toBe(true);
    });
  });

  it('with a time the database cannot hold are refused as the data’s own fault', async () => {
    await expect(write(set(key('k'), 't', { dueAt: new Date(-8.64e15) }))).rejects.toMatchObject({
      code: '22008',
    });
    await write(set(key('k'), 't', { dueAt: new Date(8.64e15) }));
    expect(await names()).toEqual(['order/k/t']);
  });
});
