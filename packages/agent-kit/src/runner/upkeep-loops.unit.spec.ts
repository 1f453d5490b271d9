import { emailRequested } from '@signalbox/contracts';
import { agent } from '../../test/agent.js';
import { KitBench, settle } from '../../test/kit-bench.js';
import { encodeRecords } from '../outbox/stored-records.js';
import { UpkeepLoops, outboxTasks } from './upkeep-loops.js';

/** Moves the clock on by so many milliseconds, sleeper by sleeper. */
async function pass(bench: KitBench, ms: number): Promise<void> {
  const untilMs = bench.clock.nowMs() + ms;
  do await settle();
  while (bench.clock.wakeNext(untilMs));
  await settle();
}

describe('UpkeepLoops', () => {
  it('does each task in its period, and none more once it is to stop', async () => {
    const bench = new KitBench(agent);
    const stopping = new AbortController();
    const loops = new UpkeepLoops(bench.process('one').ports, stopping.signal);
    const done = { often: 0, seldom: 0 };
    loops.start([
      [100, async () => void (done.often += 1)],
      [1_000, async () => void (done.seldom += 1)],
    ]);
    await pass(bench, 5_000);
    expect(done).toEqual({ often: 50, seldom: 5 });
    stopping.abort();
    await loops.ended();
    await pass(bench, 5_000);
    expect(done).toEqual({ often: 50, seldom: 5 });
  });

  it('goes on after a failure and says it once in a while', async () => {
    const bench = new KitBench(agent);
    const one = bench.process('one');
    const stopping = new AbortController();
    const loops = new UpkeepLoops(one.ports, stopping.signal);
    let tries = 0;
    loops.start([
      [
        1_000,
        () => {
          tries += 1;
          return Promise.reject(new Error('away'));
        },
      ],
    ]);
    await pass(bench, 40_000);
    expect(tries).toBe(40);
    expect(one.said).toHaveLength(2);
    expect(one.said[1]).toContain('"repeated":29');
    stopping.abort();
    await loops.ended();
  });
});

describe('outboxTasks', () => {
  const setUp = () => {
    const bench = new KitBench(agent);
    const one = bench.process('one');
    const [flush, sweep] = outboxTasks(one.ports).map(([, task]) => task) as [
      () => Promise<void>,
      () => Promise<void>,
    ];
    const leave = (id: bigint, owner: string, text: string): void => {
      const encoded = encodeRecords([{ key: null, value: Buffer.from(text), headers: {} }]);
      const row = { id, chunk: id, owner, origin: null, topic: emailRequested.topic, partition: 0, encoded };
      bench.database.tables.outbox.rows.set(String(id), { ...row, createdMs: bench.clock.nowMs() });
    };
    const sent = () => bench.broker.recordsOf(emailRequested.topic).map(({ value }) => String(value));
    return { bench, one, flush, sweep, leave, sent };
  };

  it('delete what the broker has', async () => {
    const { bench, one, flush, leave } = setUp();
    leave(1n, 'one', 'a');
    one.ports.acknowledged.add([1n]);
    await flush();
    expect(bench.database.tables.outbox.rows.size).toBe(0);
  });

  it('publish what others left behind 10 s ago, in its order, and nothing of their own', async () => {
    const { bench, sweep, leave, sent } = setUp();
    leave(2n, 'gone', 'second');
    leave(1n, 'gone', 'first');
    leave(3n, 'one', 'own');
    await sweep();
    expect(sent()).toEqual([]);
    await pass(bench, 10_001);
    leave(4n, 'gone', 'too young');
    await sweep();
    expect(sent()).toEqual(['first', 'second']);
    expect([...bench.database.tables.outbox.rows.keys()].sort()).toEqual(['3', '4']);
  });

  it('leave the sweeping to the one who holds its lease', async () => {
    const { bench, sweep, leave, sent } = setUp();
    const two = bench.process('two');
    leave(1n, 'gone', 'first');
    await pass(bench, 1);
    // The lease is taken only where there is something to sweep.
    expect(await two.ports.store.outboxToSweep(0, 15_000, 1)).toHaveLength(1);
    await pass(bench, 12_000);
    await sweep();
    expect(sent()).toEqual([]);
    await pass(bench, 5_000);
    await sweep();
    expect(sent()).toEqual(['first']);
  });
});
