import { agentActivity, emailRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, mail, onSignUp } from '../../test/agent.js';
import { KitBench, input, type BenchProcess } from '../../test/kit-bench.js';
import type { AgentDefinition, DecideHandler } from '../handlers.js';
import { cancelTimer, emit, setState, setTimer } from '../outputs.js';
import type { Claim } from '../ports/store.js';
import { UnclearCommitError } from '../outbox/commit-in-order.js';
import { ClaimLostError, type ChunkInput } from './chunk.js';
import { openingSteps } from './open.step.js';
import { runChunk } from './run-chunk.js';
import { UnpublishedBeforeUsError } from './lock.step.js';

type Counted = { total: number };
const greet: DecideHandler = {
  ...onSignUp,
  decide: ({ event, state, now }) => {
    const { user_id } = event.data as { user_id: string };
    if (user_id === 'broken') throw new SignalboxError('handler_fatal', 'no such user');
    if (user_id === 'failing') throw new SignalboxError('handler_failed', 'not now');
    if (user_id.startsWith('in '))
      return [setTimer('later', new Date(now.getTime() + Number(user_id.slice(3))))];
    if (user_id === 'cancelling') return [cancelTimer('later')];
    return [
      setState({ total: ((state as Counted | undefined)?.total ?? 0) + 1 }),
      emit(emailRequested, mail(user_id)),
    ];
  },
};
const greeter: AgentDefinition = { ...agent, handlers: [greet] };

describe('runChunk', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let claim: Claim;
  beforeEach(async () => {
    bench = new KitBench(greeter);
    one = bench.process('one');
    claim = await one.claim();
  });
  const run = (process = one, chunk: ChunkInput = process.chunk(claim), acknowledged: bigint[] = []) =>
    runChunk(process.ports.store, process.ports.context, chunk, acknowledged, process.ports.publisher);
  const totals = () =>
    Object.fromEntries(
      [...bench.database.tables.keys.rows.values()].map(({ value, state }) => [
        value,
        JSON.parse(state ?? 'null') as Counted | null,
      ]),
    );

  it('asks in order: whoever owns the partition, what is new, which keys', () => {
    expect(openingSteps.map(({ name }) => name)).toEqual(['fence', 'inbox', 'lock']);
  });

  it('writes everything in one transaction and hands back the rows that may go out', async () => {
    bench.signUp('ada', 'bob', 'ada');
    const reserved = await run();
    expect(bench.progress).toBe(3n);
    expect(totals()).toEqual({ ada: { total: 2 }, bob: { total: 1 } });
    expect(reserved.rows.map(({ topic, records }) => [topic, records.length])).toEqual([
      [emailRequested.topic, 3],
      [agentActivity.topic, 1],
    ]);
    expect(bench.broker.recordsOf(emailRequested.topic)).toEqual([]);
    await reserved.publish();
    expect(
      bench.events(emailRequested.topic).map(({ data }) => (data as { recipient_id: string }).recipient_id),
    ).toEqual(['ada', 'bob', 'ada']);
    expect(one.calls).toEqual([
      'store.startTopic',
      'store.claim',
      'store.begin',
      'tx.fence',
      'tx.takeResponsibility',
      'tx.lockKeys',
      'tx.write',
      'tx.commit',
    ]);
  });

  it('deletes what the broker has acknowledged in the same transaction', async () => {
    bench.signUp('ada');
    const first = await run();
    bench.signUp('bob');
    claim = { ...claim, nextOffset: 1n };
    await run(
      one,
      one.chunk(claim),
      first.rows.map(({ id }) => id),
    );
    expect([...bench.database.tables.outbox.rows.values()].map(({ topic }) => topic)).toEqual([
      emailRequested.topic,
      agentActivity.topic,
    ]);
  });

  it('does nothing a second time', async () => {
    bench.signUp('ada');
    await run();
    await one.ports.store.reposition(input, claim.epoch, 0n);
    await run();
    expect(totals()).toEqual({ ada: { total: 1 } });
    expect(bench.database.tables.inbox.rows.size).toBe(1);
  });

  it('lets the failed event alone fail', async () => {
    bench.signUp('ada', 'broken', 'bob');
    await run();
    expect(totals()).toMatchObject({ ada: { total: 1 }, bob: { total: 1 } });
    expect(totals()['broken'] ?? null).toBeNull();
    expect([...bench.database.tables.deadLetters.rows.values()]).toMatchObject([
      { eventId: 'evt-1', errorCode: 'handler_fatal' },
    ]);
  });

  it('tells of what it handled only after the commit', async () => {
    bench.signUp('ada');
    const told: string[] = [];
    const context = {
      ...one.ports.context,
      onHandled: (entries: readonly { outcome: string }[]) =>
        told.push(...entries.map(({ outcome }) => outcome)),
    };
    one.fail('tx.commit', new SignalboxError('database_unavailable', 'away'));
    const attempt = () => runChunk(one.ports.store, context, one.chunk(claim), [], one.ports.publisher);
    await expect(attempt()).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(told).toEqual([]);
    await attempt();
    expect(told).toEqual(['handled']);
  });

  it.each([
    ['leaves the pending table alone', 'for an event that is handled', 'ada', []],
    ['leaves the pending table alone', 'for a timer that the next poll finds', 'in 5000', []],
    ['has the pending table looked at', 'for a timer that is due before', 'in 4999', ['pending is woken']],
    ['has the pending table looked at', 'for a timer that is gone', 'cancelling', ['pending is woken']],
    ['leaves the pending table alone', 'for an event that a retry topic wakes', 'failing', []],
  ])('%s %s', async (_what, _when, user, told) => {
    bench.signUp(user);
    await run();
    expect(one.told).toEqual(told);
  });

  it.each(['tx.takeResponsibility', 'tx.lockKeys', 'tx.write'])(
    'leaves nothing behind when %s fails',
    async (point) => {
      bench.signUp('ada');
      one.fail(point, new SignalboxError('database_unavailable', 'away'));
      await expect(run()).rejects.toMatchObject({ code: 'database_unavailable' });
      expect(one.calls.at(-1)).toBe('tx.rollback');
      expect(bench.progress).toBe(0n);
      expect([totals(), bench.database.tables.inbox.rows.size, one.ports.publisher.inFlight]).toEqual([
        {},
        0,
        [],
      ]);
      await run();
      expect(bench.progress).toBe(1n);
    },
  );

  it('is dropped when another process has taken the partition', async () => {
    bench.signUp('ada');
    const chunk = one.chunk(claim);
    await bench.process('two').claim();
    await expect(run(one, chunk)).rejects.toBeInstanceOf(ClaimLostError);
    expect(totals()).toEqual({});
  });

  it('does not overtake what another process has committed for a key and not published', async () => {
    bench.signUp('ada');
    await run();
    const two = bench.process('two');
    claim = await two.claim();
    bench.signUp('ada');
    const error: unknown = await run(two, two.chunk(claim)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnpublishedBeforeUsError);
    expect((error as UnpublishedBeforeUsError).rows.map(({ topic }) => topic)).toEqual([
      emailRequested.topic,
      agentActivity.topic,
    ]);
    await two.ports.store.deleteOutbox((error as UnpublishedBeforeUsError).rows.map(({ id }) => id));
    await run(two, two.chunk(claim));
    expect(totals()).toEqual({ ada: { total: 2 } });
  });

  it.each([
    ['lost_request', 0n],
    ['lost_answer', 1n],
  ] as const)('keeps its places in the lanes when COMMIT’s answer is lost (%s)', async (fault, progress) => {
    bench.signUp('ada');
    one.fail('tx.commit', fault);
    const error: unknown = await run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnclearCommitError);
    expect(bench.progress).toBe(progress);
    const { rows } = (error as UnclearCommitError).reserved;
    expect(one.ports.publisher.inFlight).toEqual(rows.map(({ id }) => id));
  });
});
