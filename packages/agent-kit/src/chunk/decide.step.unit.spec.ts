import { emailRequested, emailSent, encodeEvent, keyOf, userSignedUp } from '@signalbox/contracts';
import { FatalError, SignalboxError } from '@signalbox/errors';
import { agent, counter, mail, onSignUp } from '../../test/agent.js';
import { KitBench } from '../../test/kit-bench.js';
import type { AnyHandler, DecideHandler, PerformHandler } from '../handlers.js';
import { emit, note, setState } from '../outputs.js';
import type { ChunkRun, EventItem } from './chunk.js';
import { decide } from './decide.step.js';
import { Effects } from './effects.js';
import { open } from './open.step.js';

type Counted = { total: number } | undefined;
const user = (data: unknown): string => (data as { user_id: string }).user_id;
/** What each user's event does to the handler. */
const greets: DecideHandler = {
  ...onSignUp,
  decide: ({ event, state }) => {
    const who = user(event.data);
    if (who === 'fatal') throw new FatalError('never');
    if (who === 'again') throw new Error('not now');
    const total = ((state as Counted)?.total ?? 0) + 1;
    if (who === 'half') {
      return [setState({ total }), emit(emailRequested, { ...mail(who), to: 'no address' })];
    }
    return [setState({ total }), emit(emailRequested, mail(who)), note(`greeted ${total}`)];
  },
};
const sends: PerformHandler = {
  kind: 'perform',
  name: 'send',
  contract: userSignedUp,
  destination: ({ data }) => `mx-${user(data)}`,
  unknownOutcome: 'repeat',
  perform: () => Promise.resolve([]),
  giveUp: () => [],
};

describe('decide', () => {
  /** Runs the steps up to `decide` over sign-ups of these users; the transaction is undone. */
  async function decided(
    handlers: readonly AnyHandler[],
    users: readonly string[],
    blocked: readonly string[] = [],
  ) {
    const bench = new KitBench({ ...agent, handlers });
    const one = bench.process('one');
    for (const value of blocked) {
      const row = { kind: 'counter', value, state: null, stateVersion: 0, blocked: true };
      bench.database.tables.keys.rows.set(`counter\n${value}`, { ...row, lastChunk: 0n, lastOwner: null });
    }
    bench.signUp(...users);
    const input = one.chunk(await one.claim());
    const tx = await one.ports.store.begin();
    const run: ChunkRun = { input, tx, effects: new Effects(), acknowledged: [], taken: [] };
    await open(run, one.ports.context);
    decide(run, one.ports.context);
    await tx.rollback();
    const { effects } = run;
    return {
      run,
      effects,
      outcomes: effects.activity.map(({ event_id, outcome }) => `${event_id} ${outcome}`),
      mails: effects.events.filter(({ topic }) => topic === emailRequested.topic).length,
      pending: effects.pending.map(({ eventId, kind, attempts }) => `${eventId} ${kind} ${attempts}`),
      cell: (value: string) => run.cells?.cell(counter.key(value)),
    };
  }

  it('runs handlers in order: each sees the state the one before left', async () => {
    const { cell, effects, mails, outcomes } = await decided([greets], ['ada', 'bob', 'ada']);
    expect(cell('ada')?.read(counter)).toEqual({ total: 2 });
    expect(outcomes).toEqual(['evt-0 handled', 'evt-1 handled', 'evt-2 handled']);
    expect(
      effects.activity.map(({ note: text, attempt, state_changed }) => [text, attempt, state_changed]),
    ).toEqual([
      ['greeted 1', 1, true],
      ['greeted 1', 1, true],
      ['greeted 2', 1, true],
    ]);
    expect(mails).toBe(3);
  });

  it.each<[string, string, readonly string[], readonly string[], boolean]>([
    [
      'a failure that may pass waits for its next attempt, and its key with it',
      'again',
      ['evt-1 failed', 'evt-2 parked'],
      ['evt-1 retry 1', 'evt-2 parked 0'],
      true,
    ],
    [
      'a failure for good is a dead letter, and its key goes on',
      'fatal',
      ['evt-1 dead_lettered', 'evt-2 dead_lettered'],
      [],
      false,
    ],
    [
      'an output that breaks its contract takes the state change with it',
      'half',
      ['evt-1 dead_lettered', 'evt-2 dead_lettered'],
      [],
      false,
    ],
  ])('%s', async (_what, who, wanted, queued, isBlocked) => {
    const { outcomes, pending, cell, mails } = await decided([greets], ['ada', who, who, 'bob']);
    expect(outcomes).toEqual(['evt-0 handled', ...wanted, 'evt-3 handled']);
    expect(pending).toEqual(queued);
    expect(cell(who)?.blocked).toBe(isBlocked);
    expect(cell(who)?.read(counter)).toBeUndefined();
    expect(mails).toBe(2);
  });

  it('parks every event of a key that is blocked, without running its handler', async () => {
    const { outcomes, pending, effects, mails } = await decided([greets], ['ada', 'bob'], ['ada']);
    expect(outcomes).toEqual(['evt-0 parked', 'evt-1 handled']);
    expect(pending).toEqual(['evt-0 parked 0']);
    expect(effects.pending[0]).toMatchObject({ dueAt: null, claimAt: null, isOrdered: true });
    expect(mails).toBe(1);
  });

  it('lets later events of a key pass where no order was asked for', async () => {
    const unordered = { ...greets, ordering: 'none' } as const;
    const { outcomes, pending, effects, cell } = await decided([unordered], ['again', 'again'], ['again']);
    expect(outcomes).toEqual(['evt-0 failed', 'evt-1 failed']);
    expect(pending).toEqual(['evt-0 retry 1', 'evt-1 retry 1']);
    expect(effects.pending.every(({ isOrdered }) => !isOrdered)).toBe(true);
    expect(cell('again')?.blocked).toBe(true);
  });

  it('keeps the key of a dead letter blocked where a person is to look first', async () => {
    const strict: DecideHandler = { ...greets, retry: { delaysMs: [], afterDeadLetter: 'stay-blocked' } };
    const { outcomes, cell } = await decided([strict], ['again', 'again']);
    expect(outcomes).toEqual(['evt-0 dead_lettered', 'evt-1 parked']);
    expect(cell('again')?.blocked).toBe(true);
  });

  it('wakes a first retry over its topic, and not where the database alone does', async () => {
    const topics = async (delaysMs: readonly number[]) => {
      const handler: DecideHandler = { ...greets, retry: { delaysMs, afterDeadLetter: 'go-on' } };
      return (await decided([handler], ['again'])).effects.events.map(({ topic }) => topic);
    };
    expect(await topics([5_000])).toEqual(['greeter.retry.5s']);
    expect(await topics([7_000])).toEqual([]);
  });

  it('skips what is older than its handler takes, by the time it tells itself', async () => {
    const fresh = { ...greets, maxAgeMs: 60_000 };
    const { outcomes, effects, mails } = await decided([fresh], ['ada']);
    expect(outcomes).toEqual(['evt-0 handled']);
    expect(mails).toBe(1);
    const strict = { ...greets, maxAgeMs: -1 };
    const old = await decided([strict], ['ada']);
    expect(old.outcomes).toEqual(['evt-0 skipped']);
    expect(old.effects.activity[0]?.note).toBe('older than -1 ms');
    expect([old.mails, effects.deadLetters]).toEqual([0, []]);
  });

  it('queues a request for a connector as a job, and calls nothing', async () => {
    const never = () => Promise.reject(new Error('called inside a transaction'));
    const { effects, outcomes } = await decided([{ ...sends, perform: never }], ['ada']);
    expect(outcomes).toEqual(['evt-0 handled']);
    const now = new Date('2026-04-05T12:00:00.000Z');
    expect(effects.pending).toMatchObject([
      {
        kind: 'job',
        handler: 'send',
        destination: 'mx-ada',
        eventId: 'evt-0',
        dueAt: now,
        claimAt: now,
        attempts: 0,
      },
    ]);
    expect(effects.pending[0]?.record.value).toBeInstanceOf(Buffer);
  });

  it('gives each handler of an event its own end', async () => {
    const { outcomes, pending } = await decided([greets, sends], ['again']);
    expect(outcomes).toEqual(['evt-0 failed', 'evt-0 handled']);
    expect(pending).toEqual(['evt-0 retry 1', 'evt-0 job 0']);
  });

  it('makes a dead letter of a record that cannot be read, before the events', async () => {
    const bench = new KitBench({ ...agent, handlers: [greets] });
    const one = bench.process('one');
    bench.write({ key: null, value: Buffer.from('{'), headers: {} });
    const key = keyOf(emailSent, emailSent.example);
    const foreign = {
      ...encodeEvent(
        {
          event_id: 'x',
          event_type: emailSent.type,
          timestamp: '2026-04-05T12:00:00Z',
          data: emailSent.example,
          metadata: { source_service: 's', correlation_id: 'c' },
        },
        { key },
      ),
    };
    bench.write({ key: Buffer.from(key), value: foreign.value, headers: foreign.headers });
    const input = one.chunk(await one.claim());
    const run: ChunkRun = {
      input,
      tx: await one.ports.store.begin(),
      effects: new Effects(),
      acknowledged: [],
      taken: [],
    };
    await open(run, one.ports.context);
    decide(run, one.ports.context);
    await run.tx.rollback();
    expect(run.effects.deadLetters.map(({ errorCode, eventId }) => [errorCode, eventId])).toEqual([
      ['envelope_malformed', null],
      ['event_type_unknown', 'x'],
    ]);
  });

  it.each<[string, AnyHandler, string, string]>([
    ['a deciding handler', greets, 'retry', 'event_newer'],
    ['a connector', sends, 'job', 'event_newer'],
  ])('lets %s wait for newer code, without counting the attempt', async (_what, handler, kind, code) => {
    const bench = new KitBench({ ...agent, handlers: [handler] });
    const one = bench.process('one');
    bench.signUp('ada');
    const input = one.chunk(await one.claim());
    const newer = new SignalboxError('event_newer', 'version 2');
    const items = input.items.map((item) => ({ ...(item as EventItem), newer }));
    const run: ChunkRun = {
      input: { ...input, items },
      tx: await one.ports.store.begin(),
      effects: new Effects(),
      acknowledged: [],
      taken: [],
    };
    await open(run, one.ports.context);
    decide(run, one.ports.context);
    await run.tx.rollback();
    const dueAt = new Date('2026-04-05T12:00:30.000Z');
    expect(run.effects.pending).toMatchObject([
      { kind, attempts: 0, errorCode: code, dueAt, claimAt: dueAt },
    ]);
    expect(run.effects.deadLetters).toEqual([]);
  });

  it('runs after the fence, never before', () => {
    const run = { input: { items: [{ kind: 'poison' }] }, effects: new Effects(), taken: [] };
    expect(() => decide(run as never, {} as never)).toThrow('after fence');
  });
});
