import { emailRequested, encodeEvent, remediationRequested, userSignedUp } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { MemoryConsumer, MemoryInspector, MemoryProducer, MemoryStore } from '@signalbox/test-kit';
import { agent, mail, onSignUp, signUp } from '../../test/agent.js';
import { KitBench, settle } from '../../test/kit-bench.js';
import { eventOf } from '../../test/pending-bench.js';
import type { AgentDefinition, PerformHandler } from '../handlers.js';
import { emit } from '../outputs.js';
import type { ControlState, OperatorStore, RedriveRun, RunProgress } from '../operate/operator-store.js';
import { AgentRuntime } from './agent-runtime.js';

const by = { by: 'ann', why: 'a test', since: new Date(0) };

describe('an agent in the hands of a person', () => {
  let bench: KitBench;
  let runtime: AgentRuntime;
  let control: ControlState;
  let calls: string[];
  /** Fails a user's sign-up so often. */
  let failuresLeft: number;
  let run: RedriveRun | undefined;
  let advanced: RunProgress[];
  let isOperatorAway: boolean;

  const call: PerformHandler = {
    kind: 'perform',
    name: 'call',
    contract: remediationRequested,
    destination: () => 'd',
    unknownOutcome: 'repeat',
    giveUp: () => [],
    perform: ({ event_id: id }) => {
      calls.push(id);
      return Promise.resolve([]);
    },
  };
  const definition: AgentDefinition = {
    ...agent,
    startFrom: 'earliest',
    handlers: [
      {
        ...onSignUp,
        decide: ({ event }) => {
          if (failuresLeft > 0) {
            failuresLeft -= 1;
            throw new Error('not yet');
          }
          return [emit(emailRequested, mail((event.data as { user_id: string }).user_id))];
        },
      },
      call,
    ],
  };
  const operator = {
    control: () =>
      isOperatorAway
        ? Promise.reject(new SignalboxError('database_unavailable', 'away'))
        : Promise.resolve(control),
    actsStartedWithin: () => Promise.resolve(calls.length),
    takeRun: () => Promise.resolve(run),
    lettersOfRun: () => Promise.resolve([]),
    advanceRun: (_id: bigint, progress: RunProgress) => {
      advanced.push(progress);
      run = undefined;
      return Promise.resolve(true);
    },
  } as unknown as OperatorStore;

  /** The switches changed, or a redrive was asked for, says the database. */
  let tellOrders: () => void = () => undefined;
  const storeThatTells = (): MemoryStore => {
    const store = new MemoryStore(bench.database, 'one');
    const listen = store.onPending.bind(store);
    return Object.assign(store, {
      onPending: (onWork: () => void, onOrders: () => void) => {
        tellOrders = onOrders;
        return listen(onWork);
      },
    });
  };
  const start = async (more: { effectsPerHourMax?: number } = {}): Promise<void> => {
    const { broker, clock, random } = bench;
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    runtime = new AgentRuntime(definition, {
      instance: 'one',
      store: storeThatTells(),
      producer: new MemoryProducer(broker),
      consumer: new MemoryConsumer(broker),
      inspector: new MemoryInspector(broker),
      clock,
      random,
      log: silent,
      transactionsMax: 4,
      operator,
      onFatal: () => undefined,
      ...more,
    });
    await runtime.start();
    await pass(100);
  };
  /** Moves the clock on by so many milliseconds, sleeper by sleeper. */
  const pass = async (ms: number): Promise<void> => {
    const untilMs = bench.clock.nowMs() + ms;
    do await settle();
    while (bench.clock.wakeNext(untilMs));
    await settle();
  };
  beforeEach(() => {
    bench = new KitBench(definition);
    control = { paused: null, effectsHeld: null };
    calls = [];
    failuresLeft = 0;
    run = undefined;
    advanced = [];
    isOperatorAway = false;
  });
  afterEach(() => bench.inTime(runtime.stop()));

  const mailed = () =>
    bench.events(emailRequested.topic).map(({ data }) => (data as { recipient_id: string }).recipient_id);
  const request = (...ids: readonly string[]): void => {
    for (const id of ids) {
      const event = eventOf(remediationRequested.type, id, {
        ...remediationRequested.example,
        service_name: id,
      });
      const { value, headers } = encodeEvent(event, { key: id });
      bench.write(
        { key: Buffer.from(id), value, headers },
        { topic: remediationRequested.topic, partition: 0 },
      );
    }
  };
  const offer = (user: string) => {
    const event = { ...signUp, event_id: `http-${user}`, data: { ...signUp.data, user_id: user } };
    return runtime.take({ body: encodeEvent(event).value as Buffer, headers: {} });
  };

  it('reads and begins nothing while it is paused, stays a member, and goes on where it was', async () => {
    control = { ...control, paused: by };
    await start();
    bench.signUp('ada');
    request('r-1');
    await pass(30_000);
    expect([mailed(), calls]).toEqual([[], []]);
    expect(runtime.status()).toMatchObject({ isPaused: true, hasJoined: true, claiming: 0 });
    control = { ...control, paused: null };
    await pass(5_000);
    expect([mailed(), calls]).toEqual([['ada'], ['r-1']]);
    expect(runtime.status().isPaused).toBe(false);
  });

  it('follows a switch at once when the database or its own process tells, else within five seconds', async () => {
    await start();
    control = { ...control, paused: by };
    await pass(4_000);
    expect(runtime.status().isPaused).toBe(false);
    tellOrders();
    await pass(0);
    expect(runtime.status().isPaused).toBe(true);
    control = { ...control, paused: null };
    await pass(5_000);
    expect(runtime.status().isPaused).toBe(false);
    control = { ...control, paused: by };
    await runtime.followSwitches();
    expect(runtime.status().isPaused).toBe(true);
    control = { ...control, paused: null };
    await runtime.followSwitches();
    expect(runtime.status().isPaused).toBe(false);
    bench.signUp('ada');
    await pass(1_000);
    expect(mailed()).toEqual(['ada']);
  });

  it('keeps to what it last knew while the switches cannot be read', async () => {
    control = { ...control, paused: by };
    await start();
    isOperatorAway = true;
    control = { ...control, paused: null };
    bench.signUp('ada');
    await pass(10_000);
    expect([mailed(), runtime.status().isPaused]).toEqual([[], true]);
    isOperatorAway = false;
    await pass(5_000);
    expect(mailed()).toEqual(['ada']);
  });

  it('decides while its effects are held, and acts when they are released', async () => {
    control = { ...control, effectsHeld: by };
    await start();
    bench.signUp('ada');
    request('r-1', 'r-2');
    await pass(30_000);
    expect([mailed(), calls]).toEqual([['ada'], []]);
    expect(runtime.status()).toMatchObject({ isPaused: false, areEffectsHeld: true });
    expect(bench.database.tables.pending.rows.size).toBe(2);
    control = { ...control, effectsHeld: null };
    await pass(5_000);
    expect([...calls].sort()).toEqual(['r-1', 'r-2']);
    expect(bench.database.tables.pending.rows.size).toBe(0);
  });

  it('begins no more acts in an hour than it may', async () => {
    await start({ effectsPerHourMax: 3 });
    request('r-1', 'r-2', 'r-3', 'r-4', 'r-5');
    await pass(10_000);
    expect(calls).toHaveLength(3);
    expect(bench.database.tables.pending.rows.size).toBe(2);
  });

  it('takes an event over its endpoint while it is paused, and handles it afterwards, at once', async () => {
    control = { ...control, paused: by };
    await start();
    expect(await offer('ada')).toBe('taken');
    await pass(5_000);
    expect(mailed()).toEqual([]);
    control = { ...control, paused: null };
    await runtime.followSwitches();
    await pass(100);
    expect(mailed()).toEqual(['ada']);
    expect(await offer('ada')).toBe('duplicate');
    expect(await offer('bob')).toBe('taken');
    await pass(100);
    expect(mailed()).toEqual(['ada', 'bob']);
  });

  it('wakes a failed event by its retry topic, at its time', async () => {
    failuresLeft = 1;
    await start();
    bench.signUp('ada');
    await pass(4_000);
    expect(bench.broker.recordsOf('greeter.retry.5s')).toHaveLength(1);
    expect(mailed()).toEqual([]);
    await pass(1_500);
    expect(mailed()).toEqual(['ada']);
    expect(bench.database.tables.pending.rows.size).toBe(0);
  });

  it('works off redrives it finds, not while it is paused', async () => {
    control = { ...control, paused: by };
    const asked = {
      id: 1n,
      ratePerS: 10,
      lettersMax: 5,
      redriven: 0,
      refused: 0,
      lastRefusal: null,
      atId: 0n,
    };
    run = asked as unknown as RedriveRun;
    await start();
    await pass(15_000);
    expect(advanced).toEqual([]);
    control = { ...control, paused: null };
    await pass(5_000);
    expect(advanced).toMatchObject([{ redriven: 0, isDone: true }]);
    await pass(1_000);
    run = asked as unknown as RedriveRun;
    tellOrders();
    await pass(0);
    expect(advanced).toHaveLength(2);
    run = asked as unknown as RedriveRun;
    await pass(10_000); // although nobody told
    expect(advanced).toHaveLength(3);
  });

  it('does not read on while too many events wait behind failed ones, and goes on when there are fewer', async () => {
    await start();
    const { pending } = bench.database.tables;
    const parked = { kind: 'parked', key: { kind: 'counter', value: 'x' }, claimMs: null, dueMs: null };
    for (let n = 0; n <= 10_000; n += 1) pending.rows.set(`p-${n}`, { ...parked, id: BigInt(-n) } as never);
    await pass(10_000);
    bench.signUp('ada');
    await pass(2_000);
    expect(mailed()).toEqual([]);
    pending.rows.clear();
    await pass(5_000);
    expect(mailed()).toEqual(['ada']);
    expect(runtime.registry.topics).toContain(userSignedUp.topic);
  });
});
