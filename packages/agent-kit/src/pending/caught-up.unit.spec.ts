import { usageRecorded } from '@signalbox/contracts';
import { PendingBench } from '../../test/pending-bench.js';
import { settle } from '../../test/kit-bench.js';
import { CaughtUp } from './caught-up.js';

const partition = { topic: usageRecorded.topic, partition: 0 };

describe('what timers wait for', () => {
  let bench: PendingBench;
  let caughtUp: CaughtUp;
  let advances: number;

  beforeEach(async () => {
    bench = new PendingBench();
    const { store, context } = bench.one.ports;
    for (const topic of context.registry.topics) await store.startTopic(topic, new Map(), new Map([[0, 0n]]));
    advances = 0;
    caughtUp = new CaughtUp(bench.one.ports, () => (advances += 1));
  });

  const publish = (): void =>
    bench.broker.append(partition, [{ key: Buffer.from('x'), value: Buffer.from('{}'), headers: {} }]);
  /** Moves the agent's progress to the end of its input. */
  const catchUp = async (): Promise<void> => {
    const { store } = bench.one.ports;
    const claim = await store.claim(partition);
    await store.reposition(partition, claim?.epoch ?? 0n, bench.broker.log(partition).end);
  };
  const look = async (): Promise<void> => {
    caughtUp.lookSoon();
    await caughtUp.settled();
  };
  const later = (ms: number): void => bench.clock.jumpTo(bench.clock.nowMs() + ms);
  const looks = () => bench.one.calls.filter((call) => call === 'store.inputProgress').length;
  /** Seconds by which timers are behind the clock; undefined before the first look. */
  const lagS = () => caughtUp.until && (bench.clock.nowMs() - caughtUp.until.getTime()) / 1_000;

  it('is nothing known before the first look; then, with all handled, timers up to now may fire', async () => {
    expect(caughtUp.until).toBeNull();
    await look();
    expect([lagS(), advances]).toEqual([0, 1]);
  });

  it('is the events published before: timers due behind them wait until they are handled', async () => {
    await look();
    publish();
    later(1_000);
    await look();
    expect([lagS(), advances]).toEqual([1, 1]);
    await catchUp();
    later(1_000);
    await look();
    // As far as the look before had seen the ends: what came after it is not asked about yet.
    expect([lagS(), advances]).toEqual([1, 2]);
    later(1_000);
    await look();
    expect([lagS(), advances]).toEqual([0, 3]);
  });

  it('is not what is published after the look at the ends began', async () => {
    publish();
    await look();
    publish();
    const { store } = bench.one.ports;
    const claim = await store.claim(partition);
    await store.reposition(partition, claim?.epoch ?? 0n, 1n);
    later(1_000);
    await look();
    expect(lagS()).toBe(1);
  });

  it('is given up after five minutes: an input nobody reads stops no timer for ever', async () => {
    publish();
    await look();
    expect(lagS()).toBe(300);
    later(600_000);
    await look();
    expect([lagS(), advances]).toEqual([300, 2]);
  });

  it('never goes back, whatever the clock of the agent does', async () => {
    await look();
    const { until } = caughtUp;
    bench.database.offsetMs = -3_600_000;
    later(1_000);
    await look();
    expect(caughtUp.until).toEqual(until);
  });

  it.each(['inspector', 'store'])('is asked for again when the %s does not answer', async (which) => {
    const { inspector } = bench.one.ports;
    const { offsets } = inspector;
    if (which === 'inspector') inspector.offsets = () => Promise.reject(new Error('away'));
    else bench.one.fail('store.inputProgress', 'lost_request');
    await look();
    // A broker that is away bounds the wait as well; of a database that is away nothing is known.
    expect(lagS()).toBe(which === 'inspector' ? 300 : null);
    inspector.offsets = offsets;
    later(1_000);
    await look();
    // The ends seen before the database went away are still those to be reached.
    expect(lagS()).toBe(which === 'inspector' ? 0 : 1);
  });

  it('is the agent’s own records as well, which are committed and not published', async () => {
    const { store, context } = bench.one.ports;
    const committedMs = bench.clock.nowMs();
    const topic = `${context.agent.name}.internal`;
    await bench.commit({ outbox: [{ topic, partition: 0, records: [], encoded: Buffer.alloc(0) }] });
    await look();
    expect(lagS()).toBe(300);
    await store.deleteOutbox([...bench.database.tables.outbox.rows.keys()].map(BigInt));
    later(1_000);
    await look();
    expect(caughtUp.until?.getTime()).toBe(committedMs);
  });

  it('is looked for one look at a time, at most every 50 ms, more seldom the longer the agent lags', async () => {
    publish();
    caughtUp.lookSoon();
    caughtUp.lookSoon();
    expect(caughtUp.msToNextLook()).toBe(50);
    await caughtUp.settled();
    await look();
    expect(looks()).toBe(1);
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      waits.push(caughtUp.msToNextLook());
      later(caughtUp.msToNextLook());
      await look();
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    await catchUp();
    later(1_000);
    await look();
    expect(caughtUp.msToNextLook()).toBe(50);
    await settle();
  });
});
