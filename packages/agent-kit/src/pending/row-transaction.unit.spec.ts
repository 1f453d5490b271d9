import { trialStarted } from '@signalbox/contracts';
import { counter } from '../../test/agent.js';
import { PendingBench } from '../../test/pending-bench.js';
import { settle } from '../../test/kit-bench.js';
import { KeyCells } from '../chunk/key-cells.js';
import { UnpublishedBeforeUsError } from '../chunk/lock.step.js';
import { publishReserved } from '../outbox/reserved-rows.js';
import { emit } from '../outputs.js';
import type { PendingRow } from '../ports/store.js';
import { UnclearRowsError, distinctKeys, withRows, type RowTransaction } from './row-transaction.js';
import { workQueues } from './work-queue.js';

describe('a transaction of unfinished rows', () => {
  let bench: PendingBench;
  beforeEach(() => (bench = new PendingBench()));

  const end = async ({ rows, settlement, locked }: RowTransaction): Promise<KeyCells> => {
    settlement.ended.push(...rows.map(({ id }) => id));
    return new KeyCells(locked, []);
  };
  const keysOf = (rows: readonly PendingRow[]) => rows.map(({ key }) => key.value);
  const claimed = async (...values: string[]) => {
    await bench.commit({ timers: values.map((value) => bench.timer(value)) });
    return bench.claim(['timer']);
  };
  /** Rows of another process in the outbox, for these keys. */
  const foreignOutbox = async (...values: string[]): Promise<void> => {
    const other = bench.process('other');
    await bench.commit({ timers: values.map((value) => bench.timer(value)) });
    for (const value of values)
      bench.deeds.set(value, () => [emit(trialStarted, { ...trialStarted.example, user_id: value })]);
    const due = { limit: 9, leaseMs: 1, timersUntil: bench.now, exceptDestinations: [] };
    const rows = await other.ports.store.claimDue({ kinds: ['timer'], ...due });
    await workQueues(rows, other.ports);
  };

  it('leaves out what was cancelled, moved or leased by another, and ends the rest', async () => {
    const rows = await claimed('kept', 'cancelled', 'moved', 'lost');
    await bench.commit({ timers: [bench.cancel('cancelled'), bench.timer('moved', 9_000)] });
    bench.change('lost', { leaseToken: 'another' });
    let worked: string[] = [];
    await withRows(rows, bench.one.ports, async (open) => {
      worked = keysOf(open.rows);
      return end(open);
    });
    expect(worked).toEqual(['kept']);
    expect(bench.rows.map(({ key, leaseToken }) => [key.value, leaseToken])).toEqual([
      ['moved', null],
      ['lost', 'another'],
    ]);
  });

  it('does nothing at all when no row is left: no work, no commit, no lock', async () => {
    const rows = await claimed('cancelled');
    await bench.commit({ timers: [bench.cancel('cancelled')] });
    const work = (): Promise<KeyCells> => Promise.reject(new Error('nothing is to be done'));
    expect(await withRows(rows, bench.one.ports, work)).toBeUndefined();
    expect(bench.one.calls).not.toContain('tx.commit');
    const next = await bench.process('other').ports.store.begin();
    await next.lockKeys([counter.key('cancelled')]);
    await next.rollback();
  });

  it('tells of rows whose key another transaction holds instead of waiting, or waits when nobody is to be told', async () => {
    const rows = await claimed('held', 'free');
    const holder = await bench.process('other').ports.store.begin();
    await holder.lockKeys([counter.key('held')]);
    const busy: string[] = [];
    await withRows(rows, bench.one.ports, end, {
      onBusy: (left) => busy.push(...keysOf(left)),
    });
    expect(busy).toEqual(['held']);
    expect(bench.rows.map(({ key }) => key.value)).toEqual(['held']);
    let hasEnded = false;
    const waiting = withRows(rows, bench.one.ports, end).then(() => (hasEnded = true));
    await settle();
    expect(hasEnded).toBe(false);
    await holder.rollback();
    await waiting;
    expect(bench.rows).toEqual([]);
  });

  it('reads its clock when it has the keys: what is queued meanwhile is not due before its time', async () => {
    const rows = await claimed('held');
    const holder = await bench.process('other').ports.store.begin();
    await holder.lockKeys([counter.key('held')]);
    const begunMs = bench.clock.nowMs();
    let openedMs = 0;
    const waiting = withRows(rows, bench.one.ports, async (open) => {
      openedMs = open.now.getTime();
      return end(open);
    });
    await settle();
    bench.clock.jumpTo(begunMs + 700);
    await holder.rollback();
    await waiting;
    expect(openedMs - begunMs).toBe(700);
  });

  it('goes behind the records another process committed for its keys and has not published', async () => {
    await foreignOutbox('shared');
    await bench.commit({ timers: [bench.timer('shared'), bench.timer('other')] });
    const rows = await bench.claim(['timer']);
    const failed = withRows(rows, bench.one.ports, end);
    await expect(failed).rejects.toBeInstanceOf(UnpublishedBeforeUsError);
    const { rows: foreign } = (await failed.catch((error: unknown) => error)) as UnpublishedBeforeUsError;
    expect(new Set(foreign.map(({ owner }) => owner))).toEqual(new Set(['other']));
    expect(bench.rows).toHaveLength(2);
    await bench
      .process('other')
      .ports.store.deleteOutbox([...bench.database.tables.outbox.rows.keys()].map(BigInt));
    await withRows(rows, bench.one.ports, end);
    expect(bench.rows).toEqual([]);
  });

  it('is not held up by its own process’s unpublished records', async () => {
    const emits = () => [emit(trialStarted, { ...trialStarted.example, user_id: 'ada' })];
    bench.deeds.set('ada', emits);
    await workQueues(await claimed('ada'), bench.one.ports);
    await workQueues(await claimed('ada'), bench.one.ports);
    expect(bench.done).toEqual(['end ada', 'end ada']);
  });

  it('is undone whole when its work fails, and tells nobody of it', async () => {
    const rows = await claimed('a', 'b');
    const work = async ({ effects, settlement, rows: taken }: RowTransaction): Promise<KeyCells> => {
      settlement.ended.push(...taken.map(({ id }) => id));
      effects.activity.push({ event_id: 'x', source: 'auth', event_type: 'x', outcome: 'handled' });
      throw new Error('half way');
    };
    await expect(withRows(rows, bench.one.ports, work)).rejects.toThrow('half way');
    expect(bench.rows).toHaveLength(2);
    expect(bench.told).toEqual([]);
    await withRows(rows, bench.one.ports, end); // its locks are free
  });

  it('tells of events only once they are committed', async () => {
    const rows = await claimed('a');
    bench.one.fail('tx.commit', new Error('no space'));
    await expect(workQueues(rows, bench.one.ports)).rejects.toThrow('no space');
    expect(bench.told).toEqual([]);
    await workQueues(rows, bench.one.ports);
    expect(bench.told).toMatchObject([{ outcome: 'fired', handler: 'end', event_id: 'evt-1' }]);
  });

  describe('whose COMMIT got no answer', () => {
    const unclear = async (fault: 'lost_answer' | 'lost_request'): Promise<UnclearRowsError> => {
      bench.deeds.set('ada', () => [emit(trialStarted, { ...trialStarted.example, user_id: 'ada' })]);
      const rows = await claimed('ada');
      bench.one.fail('tx.commit', fault);
      const error: unknown = await workQueues(rows, bench.one.ports).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnclearRowsError);
      return error as UnclearRowsError;
    };

    it.each([
      ['lost_answer', true],
      ['lost_request', false],
    ] as const)('asks the database: %s, so its rows are stored: %s', async (fault, isStored) => {
      const error = await unclear(fault);
      const { rows } = await error.ask(bench.one.ports.store);
      const reserved = error.unclear.reserved;
      expect(rows).toEqual(isStored ? reserved.rows.map(({ id }) => id) : []);
      expect(bench.told).toEqual([]);
      await publishReserved(reserved, bench.one.ports.acknowledged, new Set(rows));
      expect(bench.events(trialStarted.topic)).toHaveLength(isStored ? 1 : 0);
    });

    it('waits for the transaction’s end before it asks', async () => {
      const error = await unclear('lost_answer');
      const holder = await bench.process('other').ports.store.begin();
      await holder.lockKeys([counter.key('ada')]);
      let hasAnswer = false;
      const asked = error.ask(bench.one.ports.store).then(() => (hasAnswer = true));
      await settle();
      expect(hasAnswer).toBe(false);
      await holder.rollback();
      await asked;
      error.unclear.reserved.release();
    });
  });

  it('knows each key once, in the order given', () => {
    const [a, b] = [counter.key('a'), counter.key('b')];
    expect(distinctKeys([b, a, { ...b }, { kind: 'other', value: 'a' }, a])).toEqual([
      b,
      a,
      { kind: 'other', value: 'a' },
    ]);
  });
});
