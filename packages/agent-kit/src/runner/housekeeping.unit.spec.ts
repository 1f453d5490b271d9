import type { OutboxRow } from '../ports/store.js';
import type { StoreMeasures, Upkeep } from '../ports/upkeep.js';
import type { StateKey } from '../state.js';
import { Housekeeping } from './housekeeping.js';
import { Measures } from './measures.js';
import type { RunnerPorts } from './ports.js';

const measured: StoreMeasures = {
  pending: { retry: 2 },
  overdueMs: 1_500,
  timerLagMs: 0,
  outboxAgeMs: 250,
  deadLettersOpen: 1,
  jobsByDestination: { slack: 4 },
};
const until = new Date('2026-03-01T00:00:00Z');

class FakeUpkeep implements Upkeep {
  readonly asked: unknown[] = [];
  readonly pages: (StateKey | undefined)[] = [{ kind: 'k', value: 'm' }, undefined];
  orphans: OutboxRow[] = [];

  forgetInbox(windowMs: number, limit: number) {
    this.asked.push(['forget', windowMs, limit]);
    return Promise.resolve({ deleted: 1, until });
  }
  dropEmptyKeys(after: StateKey | undefined) {
    this.asked.push(['drop', after?.value]);
    return Promise.resolve(this.pages.shift());
  }
  orphanedOutbox(_olderThanMs: number, known: readonly bigint[]) {
    this.asked.push(['orphans', ...known]);
    return Promise.resolve(this.orphans);
  }
  measure() {
    return Promise.resolve(measured);
  }
}

function setUp() {
  const upkeep = new FakeUpkeep();
  const gauges: unknown[][] = [];
  const published: bigint[] = [];
  const deleted: bigint[] = [];
  const metrics = {
    count: () => undefined,
    seconds: () => undefined,
    gauge: (...g: unknown[]) => void gauges.push(g),
  };
  const ports = {
    context: { agent: { name: 'ops' }, forgotten: { until: null as Date | null } },
    measures: new Measures(metrics),
    publisher: {
      inFlight: [1n],
      publish: (rows: readonly { id: bigint }[]) =>
        Promise.resolve(void published.push(...rows.map(({ id }) => id))),
    },
    acknowledged: { waiting: [2n] },
    store: { deleteOutbox: (ids: readonly bigint[]) => Promise.resolve(void deleted.push(...ids)) },
    log: { warn: () => undefined },
  };
  const states = () => [
    {
      topic: 'service_down',
      partition: 1,
      isReading: true,
      isPaused: false,
      lag: 7n,
      oldestMs: 1,
      silentSinceMs: 1,
    },
    {
      topic: 'ops.retry.5s',
      partition: 0,
      isReading: true,
      isPaused: false,
      lag: 9n,
      oldestMs: 1,
      silentSinceMs: 1,
    },
  ];
  const housekeeping = new Housekeeping(ports as unknown as RunnerPorts, upkeep, states, 1_000);
  const [forget, drop, measure, rescue] = housekeeping.tasks.map(([, task]) => task) as [
    () => Promise<void>,
    () => Promise<void>,
    () => Promise<void>,
    () => Promise<void>,
  ];
  return { upkeep, gauges, published, deleted, ports, housekeeping, forget, drop, measure, rescue };
}

describe('Housekeeping', () => {
  it('knows what was forgotten before the first event is handled', async () => {
    const { housekeeping, ports, upkeep } = setUp();
    await housekeeping.start();
    expect(ports.context.forgotten.until).toEqual(until);
    expect(upkeep.asked).toEqual([['forget', 1_000, 2_000]]);
  });

  it('goes through the keys page by page and begins again', async () => {
    const { drop, upkeep } = setUp();
    await drop();
    await drop();
    await drop();
    expect(upkeep.asked).toEqual([
      ['drop', undefined],
      ['drop', 'm'],
      ['drop', undefined],
    ]);
  });

  it('rests between two rounds through the keys, not between their pages', async () => {
    const { drop, housekeeping } = setUp();
    const pause = housekeeping.tasks[1]?.[0] as () => number;
    await drop();
    expect(pause()).toBe(5_000);
    await drop();
    expect(pause()).toBe(60_000);
  });

  it('shows what waits; records of retry topics wait on purpose', async () => {
    const { measure, gauges, housekeeping } = setUp();
    expect(housekeeping.measured).toBeUndefined();
    await measure();
    expect(housekeeping.measured).toBe(measured);
    expect(gauges).toEqual([
      ['pending_rows', 2, { kind: 'retry' }],
      ['pending_overdue_seconds', 1.5, undefined],
      ['timer_lag_seconds', 0, undefined],
      ['outbox_age_seconds', 0.25, undefined],
      ['dead_letters_open', 1, undefined],
      ['destination_jobs', 4, { destination: 'slack' }],
      ['lag_records', 7, { topic: 'service_down', partition: '1' }],
    ]);
  });

  it('publishes rows it lost sight of, and only those', async () => {
    const { rescue, upkeep, published, deleted } = setUp();
    await rescue();
    expect(published).toEqual([]);
    upkeep.orphans = [{ id: 3n, chunk: 1n, owner: 'me', topic: 't', partition: 0, encoded: Buffer.alloc(0) }];
    await rescue();
    expect(upkeep.asked.at(-1)).toEqual(['orphans', 1n, 2n]);
    expect([published, deleted]).toEqual([[3n], [3n]]);
  });

  it('does nothing for an agent without upkeep', async () => {
    const { ports } = setUp();
    const idle = new Housekeeping(ports as unknown as RunnerPorts, undefined, () => []);
    await idle.start();
    expect(idle.tasks).toEqual([]);
    expect(ports.context.forgotten.until).toBeNull();
  });
});
