import { trialStarted, usageRecorded } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { counter } from '../../test/agent.js';
import { PendingBench, rawRecordOf, type HandlerChanges } from '../../test/pending-bench.js';
import type { DecideHandler } from '../handlers.js';
import { cancelTimer, emit, setState, setTimer } from '../outputs.js';
import type { PendingKind } from '../ports/store.js';
import { workQueues, type QueueOptions } from './work-queue.js';

const inOrder: readonly PendingKind[] = ['retry', 'parked', 'redrive'];

describe('the queues of blocked keys', () => {
  let bench: PendingBench;
  const open = (changes: HandlerChanges = {}): void => void (bench = new PendingBench(changes));
  beforeEach(() => open());

  const work = async (kinds: readonly PendingKind[] = inOrder, options?: QueueOptions) =>
    workQueues(await bench.claim(kinds), bench.one.ports, options);
  const left = () => bench.rows.map(({ eventId, kind, attempts }) => `${eventId} ${kind} ${attempts}`);
  const failing = (value: string, at: string, error: Error): void => {
    bench.deeds.set(value, () => {
      if (bench.done.at(-1) === at || (at === '' && bench.done.length === 0)) throw error;
      return [];
    });
  };

  it('are worked in order, each event seeing the state the one before left, and free their keys', async () => {
    const seen: unknown[] = [];
    const decide: DecideHandler['decide'] = ({ state, event }) => {
      seen.push([event.event_id, state]);
      return [setState({ total: seen.length })];
    };
    open({ use: { decide } });
    await bench.queue('ada', 2);
    await work();
    expect(seen).toEqual([
      ['evt-ada-0', undefined],
      ['evt-ada-1', { total: 1 }],
      ['evt-ada-2', { total: 2 }],
    ]);
    expect(bench.rows).toEqual([]);
    expect(bench.keyRow('ada')).toMatchObject({ blocked: false, state: '{"total":3}' });
    expect(bench.told.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['handled', 2],
      ['handled', 1],
      ['handled', 1],
    ]);
  });

  it('are worked side by side: what fails in one hurts no other', async () => {
    await bench.queue('ada', 1);
    await bench.queue('bob', 1);
    failing('bob', 'use evt-ada-1', new Error('not yet'));
    await work();
    expect(bench.done).toEqual(['use evt-ada-0', 'use evt-ada-1']);
    expect(left()).toEqual(['evt-bob-1 retry 1']);
    expect([bench.keyRow('ada')?.blocked, bench.keyRow('bob')?.blocked]).toEqual([false, true]);
  });

  it('stop after so many rows: the next is due at once, and the key stays blocked', async () => {
    await bench.queue('ada', 4);
    await work(inOrder, { rowsMax: 2 });
    expect(bench.done).toEqual(['use evt-ada-0', 'use evt-ada-1']);
    expect(bench.keyRow('ada')?.blocked).toBe(true);
    expect(bench.rows.map(({ dueMs }) => dueMs)).toEqual([bench.clock.nowMs(), null, null]);
    await work(inOrder, { rowsMax: 2 });
    await work(inOrder, { rowsMax: 2 });
    expect(bench.done).toHaveLength(5);
    expect(bench.keyRow('ada')?.blocked).toBe(false);
  });

  it('have the parked event that fails as their new head, which counts its own attempts', async () => {
    await bench.queue('ada', 2);
    failing('ada', 'use evt-ada-0', new Error('not yet'));
    await work();
    expect(left()).toEqual(['evt-ada-1 retry 1', 'evt-ada-2 parked 0']);
    expect(bench.rows.map(({ dueMs }) => dueMs)).toEqual([bench.clock.nowMs() + 1_000, null]);
    expect(bench.told.at(-1)).toMatchObject({
      event_id: 'evt-ada-1',
      outcome: 'failed',
      attempt: 1,
      error_code: 'handler_failed',
      note: 'Error: not yet',
    });
  });

  it('are worked from their first row: one that was due too early stands back for it', async () => {
    await bench.commit({
      pending: [bench.event('ada', 0, { kind: 'parked' }), bench.event('ada', 1), bench.event('ada', 2)],
    });
    bench.block('ada');
    const [due] = await bench.claim(inOrder);
    await workQueues(due ? [due] : [], bench.one.ports);
    expect(bench.done).toEqual([]);
    expect(bench.rows.map(({ claimMs, leaseToken }) => [claimMs !== null, leaseToken])).toMatchObject([
      [true, null],
      [false, null],
      [true, expect.any(String)],
    ]);
  });

  it.each([
    ['go-on', ['use evt-ada-1'], false],
    ['stay-blocked', [], true],
  ] as const)('after a dead letter %s', async (afterDeadLetter, done, isBlocked) => {
    open({ use: { retry: { delaysMs: [1_000], afterDeadLetter } } });
    await bench.queue('ada', 1);
    let runs = 0;
    bench.deeds.set('ada', () => {
      if (++runs === 1) throw new FatalError('never');
      return [];
    });
    await work();
    expect(bench.done).toEqual(done);
    expect(bench.letters).toMatchObject([
      { errorCode: 'handler_fatal', eventId: 'evt-ada-0', handler: 'use', attempts: 2 },
    ]);
    expect(bench.keyRow('ada')?.blocked).toBe(isBlocked);
  });

  it('end a row that has used up its attempts as a dead letter in its old place', async () => {
    await bench.queue('ada', 0);
    const [row] = bench.rows;
    bench.deeds.set('ada', () => {
      throw new Error('still not');
    });
    await work();
    expect(bench.letters).toMatchObject([
      { errorCode: 'handler_failed', attempts: 2, sequence: row?.sequence },
    ]);
    expect(bench.keyRow('ada')?.blocked).toBe(false);
  });

  it('keep what only newer code can read, attempts unchanged, and what stands behind it', async () => {
    await bench.queue('ada', 1);
    const record = rawRecordOf(usageRecorded.type, 'evt-ada-0', { user_id: 'ada', unit: 'none of this' });
    const json = JSON.parse(record.value?.toString() ?? '') as { metadata: object };
    const newer = { ...json, metadata: { ...json.metadata, schema_version: 99 } };
    bench.change('evt-ada-0', { record: { ...record, value: Buffer.from(JSON.stringify(newer)) } });
    await work();
    expect(left()).toEqual(['evt-ada-0 retry 1', 'evt-ada-1 parked 0']);
    expect(bench.rows[0]).toMatchObject({ errorCode: 'event_newer', dueMs: bench.clock.nowMs() + 30_000 });
    expect(bench.letters).toEqual([]);
  });

  it('read what other keys hold, as it was stored, and what the same transaction made of it', async () => {
    const seen: unknown[] = [];
    open({
      use: {
        reads: ({ data }) => [counter.key((data as { user_id: string }).user_id), counter.key('other')],
        decide: ({ read, key }) => {
          seen.push([read(counter, 'other'), read(counter, 'ada'), read(counter, 'unknown')]);
          return [setState({ total: key.value === 'ada' ? 1 : 2 })];
        },
      },
    });
    bench.block('other');
    const { rows } = bench.database.tables.keys;
    rows.set('counter\nother', {
      ...rows.get('counter\nother'),
      state: '{"total":9}',
      stateVersion: 1,
    } as never);
    await bench.queue('ada', 1);
    await work();
    expect(seen).toEqual([
      [{ total: 9 }, undefined, undefined],
      [{ total: 9 }, { total: 1 }, undefined],
    ]);
  });

  describe('and timers', () => {
    const armed = (value: string) => bench.commit({ timers: [bench.timer(value)] });

    it('a firing on a blocked key joins its queue, behind what is there, and fires in its turn', async () => {
      await bench.queue('ada', 1);
      await armed('ada');
      await work(['timer']);
      expect(bench.done).toEqual([]);
      expect(bench.rows.at(-1)).toMatchObject({ kind: 'timer', isQueued: true, claimMs: null });
      await work();
      expect(bench.done).toEqual(['use evt-ada-0', 'use evt-ada-1', 'end ada']);
      expect(bench.keyRow('ada')?.blocked).toBe(false);
    });

    it.each([
      ['cancels', () => [cancelTimer('end')], 0],
      ['moves', () => [setTimer('end', new Date(Date.UTC(2030, 0, 1)))], 1],
    ] as const)(
      'an event that %s a queued firing comes before it: it does not fire',
      async (_what, deed, rows) => {
        await bench.queue('ada', 0);
        await armed('ada');
        await work(['timer']);
        bench.deeds.set('ada', () => [...deed()]);
        await work();
        expect(bench.done).toEqual(['use evt-ada-0']);
        expect(bench.rows.map(({ isQueued, attempts }) => [isQueued, attempts])).toEqual(
          Array.from({ length: rows }, () => [false, 0]),
        );
        expect(bench.keyRow('ada')?.blocked).toBe(false);
      },
    );

    it('a firing that fails becomes the head of its key’s queue, without a record on a retry topic', async () => {
      open({ end: { retry: { delaysMs: [5_000], afterDeadLetter: 'go-on' } } });
      await armed('ada');
      bench.deeds.set('ada', () => {
        throw new Error('not yet');
      });
      await work(['timer']);
      const dueMs = bench.clock.nowMs() + 5_000;
      expect(bench.rows).toMatchObject([
        { kind: 'timer', isQueued: true, dueMs, claimMs: dueMs, attempts: 1 },
      ]);
      expect(bench.keyRow('ada')?.blocked).toBe(true);
      expect(bench.broker.recordsOf('greeter.retry.5s')).toEqual([]);
    });

    it('a firing nobody handles any more waits as a failure does, then is a dead letter', async () => {
      await bench.commit({ timers: [{ ...bench.timer('ada'), name: 'gone' }] });
      await work(['timer']);
      expect(bench.rows).toMatchObject([{ attempts: 1, errorCode: 'handler_failed' }]);
      expect(bench.rows[0]?.errorMessage).toContain("no handler for timer 'gone'");
    });
  });

  it('publish what their events led to as the story of each event', async () => {
    bench.deeds.set('ada', () => [emit(trialStarted, { ...trialStarted.example, user_id: 'ada' })]);
    await bench.queue('ada', 1);
    await work();
    const outbox = [...bench.database.tables.outbox.rows.values()];
    expect(outbox.filter(({ topic }) => topic === trialStarted.topic)).toHaveLength(1);
    expect(bench.told.flatMap(({ outputs }) => outputs ?? [])).toHaveLength(2);
    expect(new Set(bench.told.flatMap(({ outputs }) => outputs?.map(({ event_id: id }) => id))).size).toBe(2);
  });
});
