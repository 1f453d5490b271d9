import { remediationRequested, trialStarted, usageRecorded } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { counter, signUp } from '../../test/agent.js';
import { KitBench, settle, type BenchProcess } from '../../test/kit-bench.js';
import type { AgentDefinition, AnyHandler } from '../handlers.js';
import { workHandle } from '../chunk/failure.js';
import { emit, setState } from '../outputs.js';
import type { ChunkWrites, TimerWrite } from '../ports/store.js';
import { PendingEngine } from './pending-engine.js';

const setBy = { source: 'auth', eventId: 'evt-1', correlationId: 'story-1', hops: 0 };

describe('the pending engine', () => {
  let bench: KitBench;
  let process: BenchProcess;
  let engine: PendingEngine;
  /** What the handlers did, in order. */
  let done: string[];
  /** What fails, by the value of its key. */
  let failing: Map<string, Error>;

  const fire = (value: string, what: string) => {
    const error = failing.get(value);
    if (error) throw error;
    done.push(`${what} ${value}`);
  };
  const retry = { delaysMs: [1_000], afterDeadLetter: 'go-on' } as const;
  const handlers: AnyHandler[] = [
    {
      kind: 'timer',
      name: 'end',
      timer: 'end',
      state: counter,
      retry,
      fire: ({ key: { value } }) => {
        fire(value, 'end');
        const { example } = trialStarted;
        return [setState({ total: 1 }), emit(trialStarted, { ...example, user_id: value })];
      },
    },
    {
      kind: 'decide',
      name: 'use',
      contract: usageRecorded,
      state: counter,
      retry,
      decide: ({ key: { value } }) => {
        fire(value, 'use');
        return [];
      },
    },
    {
      kind: 'perform',
      name: 'call',
      contract: remediationRequested,
      destination: ({ data }) => data.service_name as string,
      unknownOutcome: 'repeat',
      retry,
      giveUp: () => [],
      perform: ({ event_id: id }) => {
        fire(id, 'call');
        return Promise.resolve([]);
      },
    },
  ];
  const agent: AgentDefinition = { name: 'greeter', startFrom: 'latest', handlers, codeVersion: 'test' };

  beforeEach(async () => {
    done = [];
    failing = new Map();
    bench = new KitBench(agent);
    process = bench.process('one');
    const { store, context, inspector } = process.ports;
    for (const topic of context.registry.topics) {
      const ends = [...(await inspector.offsets(topic))].map(([id, { end }]) => [id, end] as const);
      await store.startTopic(topic, new Map(ends), new Map(ends));
    }
    engine = new PendingEngine(process.ports, ['job', 'retry', 'parked', 'redrive', 'timer']);
  });
  afterEach(async () => {
    await bench.inTime(engine.stop(0));
  });

  const write = async (writes: Partial<ChunkWrites>): Promise<void> => {
    const nothing = { origin: null, keys: [], pending: [], timers: [], deadLetters: [] };
    const tx = await bench.process('other').ports.store.begin();
    const { chunk } = await tx.openChunk();
    await tx.write({ ...nothing, outbox: [], acknowledged: [], chunk, ...writes });
    await tx.commit();
  };
  const timer = (value: string, inMs = 0): TimerWrite => {
    const dueAt = new Date(bench.clock.nowMs() + inMs);
    return { action: 'set', key: counter.key(value), name: 'end', dueAt, payload: null, setBy };
  };
  const rows = () => [...bench.database.tables.pending.rows.values()];
  const letters = () => [...bench.database.tables.deadLetters.rows.values()];
  /** Lets time pass until `isSo` holds, for at most five minutes. */
  const until = async (isSo: () => boolean): Promise<void> => {
    const untilMs = bench.clock.nowMs() + 300_000;
    for (await settle(); !isSo(); await settle()) {
      if (!bench.clock.wakeNext(untilMs)) throw new Error('what is waited for never comes');
    }
  };
  const commits = () => process.calls.filter((call) => call === 'tx.commit').length;
  const event = (id: string, type: string, data: object) => ({
    ...signUp,
    event_id: id,
    event_type: type,
    data,
    metadata: { source_service: 'auth', correlation_id: 'story', schema_version: 1 },
  });
  const stored = (id: string, type: string, data: object) => ({
    topic: type,
    partition: 0,
    offset: 0n,
    timestampMs: 0,
    key: null,
    value: Buffer.from(JSON.stringify(event(id, type, data))),
    headers: {},
  });
  const job = (id: string, destination: string) => {
    const data = { ...remediationRequested.example, service_name: destination };
    const now = new Date(bench.clock.nowMs());
    return {
      kind: 'job' as const,
      handle: workHandle('greeter', 'call', 'auth', id),
      handler: 'call',
      key: { kind: 'handler:call', value: id },
      source: 'auth',
      eventId: id,
      dueAt: now,
      claimAt: now,
      attempts: 0,
      isOrdered: false,
      record: stored(id, remediationRequested.type, data),
      destination,
    };
  };

  it('fires the timers of many keys in one transaction', async () => {
    const users = Array.from({ length: 40 }, (_none, n) => `usr-${n}`);
    await write({ timers: users.map((user) => timer(user)) });
    await engine.start();
    await until(() => done.length === 40);
    expect(new Set(done)).toEqual(new Set(users.map((user) => `end ${user}`)));
    await until(() => rows().length === 0);
    expect(commits()).toBe(1);
    expect(bench.events(trialStarted.topic)).toHaveLength(40);
  });

  it('fires none before its time, and none that was cancelled after it was taken', async () => {
    await write({ timers: [timer('soon', 5_000), timer('kept'), timer('cancelled')] });
    const cancel = { action: 'cancel', key: counter.key('cancelled'), name: 'end' } as const;
    process.fail('tx.lockKeys', () => write({ timers: [cancel] }));
    await engine.start();
    await until(() => done.length === 1);
    expect(done).toEqual(['end kept']);
    const dueMs = bench.clock.nowMs();
    await until(() => done.length === 2);
    expect(bench.clock.nowMs() - dueMs).toBeGreaterThan(4_000);
    expect(rows()).toEqual([]);
  });

  it('lets a failing one hurt only itself: its handler’s fault, or what the database refuses', async () => {
    failing.set('bad', new FatalError('no'));
    await write({ timers: ['a', 'bad', 'b', 'c'].map((user) => timer(user)) });
    // The batch twice, each half once more for its own two tries.
    const refused = new Error('invalid byte sequence');
    process.fail('tx.write', refused, refused);
    await engine.start();
    await until(() => rows().length === 0);
    expect(new Set(done)).toEqual(new Set(['end a', 'end b', 'end c']));
    expect(letters()).toMatchObject([{ errorCode: 'handler_fatal', handler: 'end' }]);
    expect(bench.events(trialStarted.topic)).toHaveLength(3);
  });

  it('keeps a failing firing in the queue of its key, and what comes for it behind it', async () => {
    failing.set('late', new Error('not yet'));
    await write({ timers: [timer('late'), timer('fine')] });
    await engine.start();
    await until(() => rows()[0]?.attempts === 1);
    expect(rows()).toMatchObject([{ isQueued: true, leaseToken: null }]);
    expect(bench.database.tables.keys.rows.get('counter\nlate')?.blocked).toBe(true);
    failing.clear();
    await until(() => rows().length === 0);
    expect(done).toEqual(['end fine', 'end late']);
    expect(bench.database.tables.keys.rows.get('counter\nlate')?.blocked).toBe(false);
  });

  it('does not wait for a key that another transaction holds', async () => {
    await write({ timers: ['held', 'a', 'b'].map((user) => timer(user)) });
    const holder = await bench.process('other').ports.store.begin();
    await holder.lockKeys([counter.key('held')]);
    await engine.start();
    await until(() => done.length === 2);
    expect(new Set(done)).toEqual(new Set(['end a', 'end b']));
    await holder.rollback();
    await until(() => rows().length === 0);
    expect(done.at(-1)).toBe('end held');
  });

  it('runs rows whose process may have died of them one by one; after three such starts they are dead letters', async () => {
    await write({ timers: ['a', 'b', 'killer'].map((user) => timer(user)) });
    const { pending } = bench.database.tables;
    for (const [id, row] of pending.rows)
      pending.rows.set(id, { ...row, starts: row.key.value === 'killer' ? 3 : 1 });
    await engine.start();
    await until(() => rows().length === 0);
    expect([...done].sort()).toEqual(['end a', 'end b']);
    expect(letters()).toMatchObject([{ errorCode: 'process_died' }]);
    expect(commits()).toBe(3);
  });

  it('waits with due timers until what was published before is handled', async () => {
    const { context, store } = process.ports;
    const { topic } = usageRecorded;
    const raw = { key: Buffer.from('x'), value: Buffer.from('{}'), headers: {} };
    bench.broker.append({ topic, partition: 0 }, [raw]);
    await write({ timers: [timer('waits')] });
    await engine.start();
    for (let looks = 0; looks < 20; looks += 1) {
      await settle();
      bench.clock.wakeNext(bench.clock.nowMs() + 1_000);
    }
    expect(done).toEqual([]);
    const claim = await store.claim({ topic, partition: 0 });
    await store.reposition({ topic, partition: 0 }, claim?.epoch ?? 0n, 1n);
    await until(() => done.length === 1);
    expect(context.registry.topics).toContain(topic);
  });

  it('begins calls with one commit and writes their results together', async () => {
    const ids = ['j-1', 'j-2', 'j-3', 'j-4'];
    await write({ pending: ids.map((id, at) => job(id, `d-${at}`)) });
    await engine.start();
    await until(() => rows().length === 0);
    expect([...done].sort()).toEqual(ids.map((id) => `call ${id}`));
    expect(process.calls.filter((call) => call === 'store.startActs')).toHaveLength(1);
    expect(commits()).toBeLessThan(ids.length);
    const ledger = [...bench.database.tables.ledger.rows.values()];
    expect(ledger.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
    expect(engine.jobsAtWork).toBe(0);
  });

  it('gives jobs back whose beginning could not be noted, and begins them later', async () => {
    await write({ pending: [job('j-1', 'd')] });
    process.fail('store.startActs', 'lost_request');
    await engine.start();
    await until(() => rows().length === 0);
    expect(done).toEqual(['call j-1']);
    expect(process.said.join()).toContain('Pending work failed');
  });

  it('ends a job nobody can begin as a dead letter', async () => {
    await write({ pending: [{ ...job('j-1', 'd'), handler: 'gone' }, job('j-2', 'd')] });
    await engine.start();
    await until(() => rows().length === 0);
    expect(done).toEqual(['call j-2']);
    expect(letters()).toMatchObject([{ errorCode: 'handler_fatal' }]);
  });

  it('shows its receivers and takes nothing more once it stops', async () => {
    failing.set('j-1', new Error('down'));
    await write({ pending: [job('j-1', 'down')] });
    await engine.start();
    await until(() => rows()[0]?.attempts === 1);
    expect(engine.destinations()).toMatchObject([{ destination: 'down', atWork: 0, circuit: 'closed' }]);
    engine.measure();
    await bench.inTime(engine.stop(1_000));
    failing.clear();
    await write({ pending: [job('j-2', 'up')] });
    for (let turns = 0; turns < 10; turns += 1) {
      await settle();
      bench.clock.wakeNext(bench.clock.nowMs() + 5_000);
    }
    expect(done).toEqual([]);
    expect(engine.atWork).toBe(0);
  });
});
