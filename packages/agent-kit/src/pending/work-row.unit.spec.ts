import { FatalError } from '@signalbox/errors';
import { counter } from '../../test/agent.js';
import { PendingBench, type HandlerChanges } from '../../test/pending-bench.js';
import type { PendingKind } from '../ports/store.js';
import { refuseHead, workQueues } from './work-queue.js';

const events: readonly PendingKind[] = ['retry', 'parked', 'redrive'];

describe('one row of unfinished work', () => {
  let bench: PendingBench;
  const open = (changes: HandlerChanges = {}): void => void (bench = new PendingBench(changes));
  beforeEach(() => open());
  const work = async (kinds = events) => workQueues(await bench.claim(kinds), bench.one.ports);

  describe('that keeps no order', () => {
    beforeEach(() =>
      open({ use: { ordering: 'none', retry: { delaysMs: [5_000], afterDeadLetter: 'stay-blocked' } } }),
    );
    const beside = (change = {}) =>
      bench.commit({ pending: [bench.event('ada', 0, { isOrdered: false, ...change })] });

    it('runs beside the queue of a blocked key, which it neither frees nor waits for', async () => {
      bench.block('ada');
      await beside();
      await work();
      expect(bench.done).toEqual(['use evt-ada-0']);
      expect(bench.keyRow('ada')?.blocked).toBe(true);
    });

    it('blocks nothing when it fails, and is woken by its retry topic', async () => {
      await beside();
      bench.deeds.set('ada', () => {
        throw new Error('not yet');
      });
      await work();
      const dueMs = bench.clock.nowMs() + 5_000;
      expect(bench.rows).toMatchObject([{ dueMs, claimMs: dueMs + 60_000 }]);
      expect(bench.keyRow('ada')?.blocked).toBe(false);
      const outbox = [...bench.database.tables.outbox.rows.values()];
      expect(outbox.map(({ topic }) => topic)).toContain('greeter.retry.5s');
    });

    it('blocks nothing when its handler is gone, or keeps order by now', async () => {
      await beside({ handler: 'gone' });
      await work();
      expect(bench.rows).toMatchObject([{ attempts: 1, errorCode: 'handler_failed' }]);
      expect(bench.keyRow('ada')?.blocked).toBe(false);
    });

    it.each([
      ['a fatal failure', {}, 'handler_fatal'],
      ['three deaths of its process', { starts: 3 }, 'process_died'],
    ])('blocks nothing when it becomes a dead letter after %s', async (_what, change, errorCode) => {
      await beside();
      bench.change('ada', change);
      bench.deeds.set('ada', () => {
        throw new FatalError('never');
      });
      await work();
      expect(bench.letters).toMatchObject([{ errorCode, handler: 'use', eventId: 'evt-ada-0' }]);
      expect(bench.keyRow('ada')?.blocked).toBe(false);
    });
  });

  describe('after three deaths of the process', () => {
    const stays = { delaysMs: [], afterDeadLetter: 'stay-blocked' } as const;

    it('an event is a dead letter that tells which, and the rest goes on', async () => {
      await bench.queue('ada', 1);
      bench.change('evt-ada-0', { starts: 3 });
      await work();
      expect(bench.done).toEqual(['use evt-ada-1']);
      expect(bench.letters).toMatchObject([
        { errorCode: 'process_died', eventId: 'evt-ada-0', source: 'auth', correlationId: 'story' },
      ]);
      expect(bench.letters[0]?.errorMessage).toContain('3 times');
    });

    it.each([true, false])(
      'a firing is one under its handler’s name; its key stays blocked: %s',
      async (isBlocked) => {
        open({ end: { name: 'end-trial', ...(isBlocked ? { retry: stays } : {}) } });
        await bench.commit({ timers: [bench.timer('ada')] });
        bench.change('ada', { starts: 3 });
        await work(['timer']);
        expect(bench.letters).toMatchObject([
          {
            errorCode: 'process_died',
            handler: 'end-trial',
            key: counter.key('ada'),
            correlationId: 'story-1',
          },
        ]);
        expect(bench.told).toMatchObject([
          { outcome: 'dead_lettered', event_id: 'evt-1', event_type: 'timer:end', correlation_id: 'story-1' },
        ]);
        expect(bench.keyRow('ada')?.blocked).toBe(isBlocked);
      },
    );
  });

  describe('that the database refuses', () => {
    const refuse = async (kinds = events) => {
      const [head] = await bench.claim(kinds);
      if (head) await refuseHead(head, new Error('invalid byte sequence'), bench.one.ports);
    };

    it('is a dead letter that tells so; its queue goes on', async () => {
      await bench.queue('ada', 1);
      await refuse();
      expect(bench.letters).toMatchObject([
        { errorCode: 'output_invalid', eventId: 'evt-ada-0', attempts: 2 },
      ]);
      expect(bench.letters[0]?.errorMessage).toContain(
        'the database refused it: Error: invalid byte sequence',
      );
      expect(bench.rows).toMatchObject([{ eventId: 'evt-ada-1', dueMs: bench.clock.nowMs() }]);
      expect(bench.keyRow('ada')?.blocked).toBe(true);
    });

    it('frees its key when nothing stands behind it', async () => {
      await bench.queue('ada', 0);
      await refuse();
      expect(bench.keyRow('ada')?.blocked).toBe(false);
    });

    it('frees no key when it stands beside the queue', async () => {
      await bench.commit({ pending: [bench.event('ada', 0, { isOrdered: false })] });
      bench.block('ada');
      await refuse();
      expect(bench.letters).toHaveLength(1);
      expect(bench.keyRow('ada')?.blocked).toBe(true);
    });
  });
});
