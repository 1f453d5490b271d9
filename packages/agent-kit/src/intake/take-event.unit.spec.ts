import { emailRequested, encodeEvent, userSignedUp, type EventEnvelope } from '@signalbox/contracts';
import { agent, counter, onSignUp, signUp } from '../../test/agent.js';
import { KitBench, type BenchProcess } from '../../test/kit-bench.js';
import { runChunk } from '../chunk/run-chunk.js';
import type { AnyHandler } from '../handlers.js';
import { workQueues } from '../pending/work-queue.js';
import { takeEvent } from './take-event.js';

const send: AnyHandler = {
  kind: 'perform',
  name: 'send',
  contract: emailRequested,
  destination: ({ data }) => (data as { to: string }).to,
  unknownOutcome: 'ask',
  perform: () => Promise.resolve([]),
  giveUp: () => [],
};

describe('an event over the agent’s own endpoint', () => {
  let bench: KitBench;
  let one: BenchProcess;
  let greeted: string[];
  const greet: AnyHandler = {
    ...onSignUp,
    decide: ({ event }) => {
      greeted.push(event.event_id);
      return [];
    },
  };
  const open = (...handlers: AnyHandler[]): void => {
    greeted = [];
    bench = new KitBench({ ...agent, handlers });
    one = bench.process('one');
  };
  beforeEach(() => open(greet, send));

  const event = (id: string, change: Partial<EventEnvelope> = {}): EventEnvelope => ({
    ...signUp,
    event_id: id,
    ...change,
  });
  const offer = (offered: EventEnvelope | string) => {
    const body = typeof offered === 'string' ? Buffer.from(offered) : (encodeEvent(offered).value as Buffer);
    return takeEvent({ body, headers: {} }, one.ports.store, one.ports.context);
  };
  const rows = () =>
    [...bench.database.tables.pending.rows.values()].map(({ eventId, kind }) => `${eventId} ${kind}`);
  const { user_id: user } = signUp.data;
  const key = () => bench.database.tables.keys.rows.get(`counter\n${user}`);
  /** Runs what is due until nothing is. */
  const work = async (): Promise<void> => {
    const rest = { limit: 9, leaseMs: 1_000, timersUntil: null, exceptDestinations: [] };
    const due = await one.ports.store.claimDue({ kinds: ['retry'], ...rest });
    await workQueues(due, one.ports);
  };

  it('is taken into inbox and pending work, due now, and blocks its key until it is handled', async () => {
    expect(await offer(event('evt-1'))).toBe('taken');
    const [row] = [...bench.database.tables.pending.rows.values()];
    expect(row).toMatchObject({
      kind: 'retry',
      handler: 'greet',
      attempts: 0,
      dueMs: bench.clock.nowMs(),
      claimMs: bench.clock.nowMs(),
      errorCode: null,
      record: { topic: userSignedUp.topic, partition: 0, offset: 0n },
    });
    expect(key()?.blocked).toBe(true);
    await work();
    expect([greeted, rows(), key()?.blocked]).toEqual([['evt-1'], [], false]);
  });

  it('stands behind the one of its key before it, also behind one over Kafka that failed', async () => {
    for (const id of ['evt-1', 'evt-2', 'evt-3']) await offer(event(id));
    expect(rows()).toEqual(['evt-1 retry', 'evt-2 parked', 'evt-3 parked']);
    await work();
    expect(greeted).toEqual(['evt-1', 'evt-2', 'evt-3']);
  });

  it('does not wait where its handler keeps no order', async () => {
    open({ ...greet, ordering: 'none' });
    for (const id of ['evt-1', 'evt-2']) await offer(event(id));
    expect(rows()).toEqual(['evt-1 retry', 'evt-2 retry']);
    expect(key()?.blocked).toBe(false);
  });

  it('is handled once, whichever way it comes first', async () => {
    expect(await offer(event('evt-0'))).toBe('taken');
    expect(await offer(event('evt-0'))).toBe('duplicate');
    bench.signUp(user, user); // evt-0 again, and evt-1
    const { store, context, publisher } = one.ports;
    const chunk = one.chunk(await one.claim());
    await (await runChunk(store, context, chunk, [], publisher)).publish();
    expect(await offer(event('evt-1'))).toBe('duplicate');
    await work();
    expect(greeted).toEqual(['evt-0', 'evt-1']); // the second was parked behind the first
    expect(bench.database.tables.inbox.rows.size).toBe(2);
  });

  it('is a job with its destination for a connector', async () => {
    const request = event('evt-1', { event_type: emailRequested.type, data: emailRequested.example });
    expect(await offer(request)).toBe('taken');
    const [row] = [...bench.database.tables.pending.rows.values()];
    expect(row).toMatchObject({ kind: 'job', handler: 'send', destination: emailRequested.example.to });
    expect(row?.isOrdered).toBe(false);
  });

  it('is refused when a connector cannot say where it goes', async () => {
    const lost = () => {
      throw new TypeError('no region');
    };
    open({ ...send, destination: lost } as AnyHandler);
    const request = event('evt-1', { event_type: emailRequested.type, data: emailRequested.example });
    await expect(offer(request)).rejects.toMatchObject({
      code: 'handler_failed',
      message: expect.stringContaining("'send' cannot say where the event goes: no region") as string,
    });
    expect([bench.database.tables.inbox.rows.size, rows(), bench.database.sessions.size]).toEqual([0, [], 0]);
  });

  it('of a newer version is taken all the same, to wait for newer code', async () => {
    const newer = { ...signUp.metadata, schema_version: 99 };
    expect(await offer(event('evt-1', { metadata: newer, data: { user_id: user, plan: 5 } }))).toBe('taken');
    const request = event('evt-2', {
      event_type: emailRequested.type,
      data: { recipient_id: 'usr-1' },
      metadata: newer,
    });
    expect(await offer(request)).toBe('taken');
    await work();
    expect(greeted).toEqual([]);
    const stored = [...bench.database.tables.pending.rows.values()];
    expect(stored).toMatchObject([
      { errorCode: 'event_newer', attempts: 0 },
      { kind: 'job', destination: '' },
    ]);
  });

  it('goes to those of its handlers for which it is not too old; skipped for all, it is known all the same', async () => {
    const old = event('evt-1', { timestamp: '2026-04-05T11:00:00Z' });
    const brief = { ...greet, name: 'brief', maxAgeMs: 60_000 } as AnyHandler;
    open(brief, greet);
    expect(await offer(old)).toBe('taken');
    expect([...bench.database.tables.pending.rows.values()].map(({ handler }) => handler)).toEqual(['greet']);
    open(brief);
    expect(await offer(old)).toBe('skipped');
    expect(rows()).toEqual([]);
    expect(await offer(old)).toBe('duplicate');
  });

  it.each<[string, EventEnvelope | string, string]>([
    ['no JSON', '{', 'envelope_malformed'],
    ['no event', '{"a":1}', 'envelope_malformed'],
    [
      'of a type this agent has no handler for',
      event('e', { event_type: 'service_down' }),
      'event_type_unknown',
    ],
    ['of a type nobody knows', event('e', { event_type: 'never.heard' }), 'event_type_unknown'],
    ['against its contract', event('e', { data: { user_id: 5 } }), 'event_invalid'],
    ['a loop', event('e', { metadata: { ...signUp.metadata, hops: 32 } }), 'hops_exceeded'],
  ])('is refused when it is %s, and nothing of it is kept', async (_what, offered, code) => {
    const error: unknown = await offer(offered).catch((thrown: unknown) => thrown);
    expect((error as { code?: string }).code).toBe(code);
    expect([bench.database.tables.inbox.rows.size, rows(), bench.database.sessions.size]).toEqual([0, [], 0]);
  });

  it('is refused when its id was used with another content', async () => {
    await offer(event('evt-1'));
    const other = event('evt-1', { data: { ...signUp.data, plan: 'other' } });
    await expect(offer(other)).rejects.toMatchObject({ code: 'id_conflict' });
    expect(rows()).toEqual(['evt-1 retry']);
    // A resend differs in time and metadata: that is no other content.
    const again = event('evt-1', { timestamp: '2026-04-05T12:30:00Z' });
    expect(await offer(again)).toBe('duplicate');
  });

  it.each([
    ['lost_answer', 'duplicate'],
    ['lost_request', 'taken'],
  ] as const)('is to be offered again when COMMIT got no answer (%s): then it is %s', async (fault, then) => {
    one.fail('tx.commit', fault);
    await expect(offer(event('evt-1'))).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await offer(event('evt-1'))).toBe(then);
    expect(rows()).toEqual(['evt-1 retry']);
  });

  it('is undone whole when a statement fails', async () => {
    one.fail('tx.write', new Error('no space'));
    await expect(offer(event('evt-1'))).rejects.toThrow('no space');
    expect([bench.database.tables.inbox.rows.size, bench.database.sessions.size]).toEqual([0, 0]);
    expect(await offer(event('evt-1'))).toBe('taken');
    expect(counter.kind).toBe(key()?.kind);
  });
});
