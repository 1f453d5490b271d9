import { agentActivity, emailRequested, userSignedUp } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import {
  MemoryConsumer,
  MemoryInspector,
  MemoryProducer,
  MemoryStore,
  MemoryUpkeep,
} from '@signalbox/test-kit';
import { agent, mail, onSignUp } from '../../test/agent.js';
import { KitBench, settle } from '../../test/kit-bench.js';
import type { AgentDefinition, PerformHandler } from '../handlers.js';
import { emit } from '../outputs.js';
import type { RecordConsumer } from '../ports/records.js';
import { AgentRuntime } from './agent-runtime.js';

const greeter: AgentDefinition = {
  ...agent,
  startFrom: 'earliest',
  handlers: [
    {
      ...onSignUp,
      decide: ({ event }) => [emit(emailRequested, mail((event.data as { user_id: string }).user_id))],
    },
  ],
};
const sends: PerformHandler = {
  kind: 'perform',
  name: 'send',
  contract: userSignedUp,
  destination: () => 'mx',
  unknownOutcome: 'repeat',
  perform: () => Promise.resolve([]),
  giveUp: () => [],
};

/** A consumer that notes what it was asked to read, and closes with the others. */
class NotingConsumer extends MemoryConsumer {
  topics: readonly string[] = [];
  override start(...args: Parameters<RecordConsumer['start']>): Promise<void> {
    this.topics = args[1];
    return super.start(...args);
  }
}

describe('AgentRuntime', () => {
  let bench: KitBench;
  let fatal: Error[];
  beforeEach(() => {
    bench = new KitBench(greeter);
    fatal = [];
  });
  function made(definition: AgentDefinition = greeter, instance = 'one') {
    const { broker, clock, random, database } = bench;
    const consumer = new NotingConsumer(broker);
    const said: string[] = [];
    const say = (_fields: object, message: string) => void said.push(message);
    const runtime = new AgentRuntime(definition, {
      instance,
      store: new MemoryStore(database, instance),
      producer: new MemoryProducer(broker),
      consumer,
      inspector: new MemoryInspector(broker),
      clock,
      random,
      log: { info: say, warn: say, error: say },
      transactionsMax: 4,
      upkeep: new MemoryUpkeep(database, instance),
      onFatal: (error) => fatal.push(error),
    });
    return { runtime, consumer, said };
  }
  /** Moves the clock on by so many milliseconds, sleeper by sleeper. */
  const pass = async (ms: number): Promise<void> => {
    const untilMs = bench.clock.nowMs() + ms;
    do await settle();
    while (bench.clock.wakeNext(untilMs));
    await settle();
  };
  const mailed = () =>
    bench.events(emailRequested.topic).map(({ data }) => (data as { recipient_id: string }).recipient_id);

  it('reads what its handlers ask for, and a deciding agent its retry topics as well', async () => {
    const deciding = made();
    await deciding.runtime.start();
    expect(deciding.consumer.topics).toEqual([
      userSignedUp.topic,
      ...['5s', '1m', '10m'].map((delay) => `greeter.retry.${delay}`),
    ]);
    const connector = made({ ...greeter, name: 'greeter', handlers: [sends] }, 'two');
    await connector.runtime.start();
    expect(connector.consumer.topics).toEqual([userSignedUp.topic]);
    await bench.inTime(Promise.all([deciding.runtime.stop(), connector.runtime.stop()]));
  });

  it('reaches the broker ahead of its start, once, without reading anything', async () => {
    const { runtime, consumer } = made();
    await Promise.all([runtime.connect(), runtime.connect()]);
    expect([consumer.topics, runtime.status().hasJoined]).toEqual([[], false]);
    await runtime.start();
    await pass(100);
    expect(runtime.status()).toMatchObject({ hasJoined: true, claiming: 0 });
    await bench.inTime(runtime.stop());
  });

  it('handles, publishes, cleans up after itself and tells how it is', async () => {
    const { runtime, said } = made();
    expect(runtime.status()).toMatchObject({ hasJoined: false, assigned: [], store: undefined });
    bench.signUp('ada', 'bob');
    await runtime.start();
    await pass(1_000);
    expect(mailed()).toEqual(['ada', 'bob']);
    expect(bench.events(agentActivity.topic)).toHaveLength(1);
    expect(bench.database.tables.outbox.rows.size).toBe(0);
    bench.signUp('cyd');
    await pass(120_000);
    expect(mailed()).toEqual(['ada', 'bob', 'cyd']);
    expect(runtime.status()).toMatchObject({
      hasJoined: true,
      claiming: 0,
      jobsAtWork: 0,
      destinations: [],
      isPaused: false,
      areEffectsHeld: false,
      oldestUnhandledMs: 0,
      store: { deadLettersOpen: 0, outboxAgeMs: 0 },
    });
    expect(runtime.status().assigned.map(({ topic }) => topic)).toContain(userSignedUp.topic);
    await bench.inTime(runtime.stop());
    expect(runtime.status()).toMatchObject({ hasJoined: false, assigned: [] });
    expect([said, fatal]).toEqual([[], []]);
  });

  it('goes on after a stop where it was, in another process, without doing anything twice', async () => {
    bench.signUp('ada');
    const first = made();
    await first.runtime.start();
    await pass(1_000);
    await bench.inTime(first.runtime.stop());
    bench.signUp('bob');
    const second = made(greeter, 'two');
    expect(second.runtime.instance).toBe('two');
    await second.runtime.start();
    await pass(1_000);
    expect(mailed()).toEqual(['ada', 'bob']);
    await bench.inTime(second.runtime.stop());
    expect([...bench.database.tables.progress.rows.values()].map(({ owner }) => owner)).toEqual(
      expect.not.arrayContaining(['two']),
    );
  });

  it('shares its partitions with a second process, and takes them over when that one is gone', async () => {
    bench = new KitBench(greeter, { [userSignedUp.topic]: 2 });
    const [first, second] = [made(), made(greeter, 'two')];
    await first.runtime.start();
    await second.runtime.start();
    await pass(30_000);
    const held = () =>
      [first, second].map(
        ({ runtime }) => runtime.status().assigned.filter(({ topic }) => topic === userSignedUp.topic).length,
      );
    expect(held()).toEqual([1, 1]);
    await bench.inTime(second.runtime.stop());
    await pass(30_000);
    expect(held()).toEqual([2, 0]);
    await bench.inTime(first.runtime.stop());
  });

  it('says what cannot be worked on once, and works on when it is mended', async () => {
    const { runtime, said } = made();
    const { tables } = bench.database;
    await runtime.start();
    await pass(100);
    const { rows } = tables.progress;
    const place = `${userSignedUp.topic}/0`;
    const row = rows.get(place);
    // Another owner took the partition: the chunk is dropped, and the partition claimed again.
    if (row) rows.set(place, { ...row, epoch: row.epoch + 5n });
    bench.signUp('ada');
    await pass(10_000);
    expect(mailed()).toEqual(['ada']);
    expect(said).toEqual([]);
    await bench.inTime(runtime.stop());
  });

  it('ends when its consumer does', async () => {
    const { runtime, consumer } = made();
    await runtime.start();
    const crash = new SignalboxError('broker_refused', 'not allowed to read');
    (consumer as unknown as { callbacks: { onCrash: (error: Error) => void } }).callbacks.onCrash(crash);
    expect(fatal).toEqual([crash]);
    await bench.inTime(runtime.stop());
  });

  it('refuses a handler that is declared wrongly before anything is opened', () => {
    const twice = { ...greeter, handlers: [...greeter.handlers, ...greeter.handlers] };
    expect(() => made(twice)).toThrow(
      expect.objectContaining({ code: 'agent_declaration_invalid' }) as Error,
    );
  });
});
