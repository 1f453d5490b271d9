import { trialStarted, usageRecorded } from '@signalbox/contracts';
import { RetryAfterError } from '@signalbox/errors';
import { counter, keyRow } from '../../test/agent.js';
import { PendingBench, rawRecordOf } from '../../test/pending-bench.js';
import { KeyCells } from '../chunk/key-cells.js';
import type { TimerInput } from '../handlers.js';
import { emit, setTimer } from '../outputs.js';
import type { FiringChain, PendingRow, TimerCause, TimerWrite } from '../ports/store.js';
import { notRun, readsOf, runRow } from './run-row.js';

const hour = 3_600_000;
const now = new Date('2026-04-05T12:00:00Z');

describe('one run of an unfinished row', () => {
  let bench: PendingBench;
  let fired: TimerInput<unknown>[];
  const retry = { delaysMs: [7], afterDeadLetter: 'stay-blocked' } as const;
  beforeEach(() => {
    fired = [];
    bench = new PendingBench({
      use: { retry, reads: ({ data }) => [counter.key((data as { other?: string }).other ?? 'other')] },
      end: {
        name: 'end-trial',
        retry,
        fire: (input) => {
          fired.push(input);
          const { example } = trialStarted;
          return [emit(trialStarted, example), setTimer('later', new Date(now.getTime() + 60_000))];
        },
      },
    });
  });

  const base: PendingRow = {
    id: 7n,
    sequence: 1n,
    kind: 'retry',
    handle: 'h',
    isOrdered: true,
    isQueued: false,
    handler: 'use',
    key: counter.key('usr-1'),
    source: 'auth',
    eventId: 'evt-1',
    starts: 1,
    attempts: 0,
    dueAt: new Date('2026-04-05T11:59:00Z'),
    firstFailedAt: null,
    redrives: 0,
    lease: { id: 7n, token: 'mine' },
    record: rawRecordOf(usageRecorded.type, 'evt-1', { ...usageRecorded.example, user_id: 'usr-1' }),
    timer: null,
    destination: null,
  };
  const setBy: TimerCause = { source: 'auth', eventId: 'evt-9', correlationId: 'story-9', hops: 4 };
  const firing = (by: Partial<TimerCause> = {}, name = 'end'): PendingRow => ({
    ...base,
    kind: 'timer',
    handle: null,
    handler: '',
    eventId: 'evt-9',
    record: null,
    timer: { name, payload: { plan: 'pro' }, setBy: { ...setBy, ...by } },
  });
  const run = (row: PendingRow) =>
    runRow(
      row,
      new KeyCells([keyRow({ state: '{"total":3}', stateVersion: 1 })], []),
      now,
      bench.one.ports.context,
    );
  const unreadable = { ...base, record: { ...base.record, value: Buffer.from('{') } } as PendingRow;

  it('hands a timer its name, due time, payload, story and state', () => {
    run(firing());
    expect(fired).toEqual([
      {
        timer: {
          name: 'end',
          dueAt: base.dueAt,
          payload: { plan: 'pro' },
          setBy: 'evt-9',
          correlationId: 'story-9',
        },
        key: base.key,
        state: { total: 3 },
        now,
      },
    ]);
  });

  const emittedId = (row: PendingRow): string | undefined => {
    const { result } = run(row);
    return result.kind === 'handled' ? result.applied.emitted[0]?.event_id : undefined;
  };
  it('derives a firing’s ids from its name, key, setter and place in its chain: repeated, they are the same', () => {
    const chain = (length: number): FiringChain => ({ length, inHour: 1, hourFromMs: now.getTime() });
    const ids = [
      firing(),
      firing({ eventId: 'evt-8' }),
      firing({ chain: chain(1) }),
      firing({ chain: chain(2) }),
    ];
    expect(new Set(ids.map(emittedId)).size).toBe(4);
    expect(ids.map(emittedId)).toEqual(ids.map(emittedId));
    expect(emittedId({ ...firing(), attempts: 3, id: 99n })).toBe(emittedId(firing()));
  });

  it.each<[string, FiringChain | undefined, FiringChain]>([
    ['begins with a firing', undefined, { length: 1, inHour: 1, hourFromMs: now.getTime() }],
    [
      'goes on within the hour',
      { length: 4, inHour: 3, hourFromMs: now.getTime() - hour + 1 },
      { length: 5, inHour: 4, hourFromMs: now.getTime() - hour + 1 },
    ],
    [
      'counts its firings anew each hour, its length never',
      { length: 4, inHour: 99, hourFromMs: now.getTime() - hour },
      { length: 5, inHour: 1, hourFromMs: now.getTime() },
    ],
  ])('a chain of firings %s', (_what, chain, next) => {
    const { result } = run(firing(chain ? { chain } : {}));
    const [timer] =
      result.kind === 'handled' ? (result.applied.timers as Extract<TimerWrite, { action: 'set' }>[]) : [];
    expect(timer?.setBy).toEqual({
      source: 'auth',
      eventId: 'evt-9',
      correlationId: 'story-9',
      hops: 4,
      chain: next,
    });
  });

  it('is described by event, handler and story, for activity', () => {
    expect(run(base).base).toEqual({
      event_id: 'evt-1',
      source: 'auth',
      event_type: usageRecorded.type,
      correlation_id: 'story',
      handler: 'use',
    });
    expect(run(firing()).base).toEqual({
      event_id: 'evt-9',
      source: 'auth',
      event_type: 'timer:end',
      correlation_id: 'story-9',
      handler: 'end-trial',
    });
  });

  it.each<[string, Partial<PendingRow>, string]>([
    ['whose handler is gone', { handler: 'gone' }, "no handler 'gone'"],
    ['whose handler is a connector’s by now', { handler: 'call' }, "no handler 'call'"],
    ['without a record', { record: null }, "no handler 'use'"],
    ['whose timer nobody handles', firing({}, 'gone'), "no handler for timer 'gone'"],
    ['that cannot be read', unreadable, 'JSON'],
  ])('fails, without a throw, for a row %s', (_what, change, message) => {
    const { result } = run({ ...base, ...change });
    expect(result).toMatchObject({
      kind: 'failed',
      thrown: { message: expect.stringContaining(message) as string },
    });
  });

  it('that does not take place keeps its handler’s policy and its event', () => {
    const { context } = bench.one.ports;
    const why = new RetryAfterError('later', 1);
    expect(notRun(base, why, context)).toMatchObject({
      policy: retry,
      event: { event_id: 'evt-1' },
      result: { kind: 'failed', thrown: why },
    });
    expect(notRun(firing(), why, context)).toMatchObject({ policy: retry, base: { handler: 'end-trial' } });
    expect(notRun(firing({}, 'gone'), why, context).base.handler).toBe('gone');
    const { event, base: known } = notRun(unreadable, why, context);
    expect([event, known]).toMatchObject([undefined, { event_id: 'evt-1', event_type: usageRecorded.type }]);
  });

  it.each<[string, PendingRow, number]>([
    ['what its handler names', base, 1],
    ['nothing for a firing', firing(), 0],
    ['nothing for a record nobody can read: its run tells of that', unreadable, 0],
    ['nothing for a handler that is gone', { ...base, handler: 'gone' }, 0],
  ])('reads %s', (_what, row, reads) => {
    expect(readsOf(row, bench.one.ports.context)).toHaveLength(reads);
  });
});
