import { agent, counter } from '../../test/agent.js';
import { KitBench, settle } from '../../test/kit-bench.js';
import { KeyCells } from '../chunk/key-cells.js';
import type { PendingRow } from '../ports/store.js';
import { withRows } from './row-transaction.js';

describe('the time of a transaction on claimed rows', () => {
  it('is not before it holds its keys: what was queued meanwhile was due by then', async () => {
    const bench = new KitBench(agent);
    const { ports } = bench.process('one');
    const key = counter.key('ada');
    const holder = await bench.process('two').ports.store.begin();
    await holder.lockKeys([key]);
    bench.database.tables.pending.rows.set('1', pendingTimer(1n, key.value) as never);
    const row = { id: 1n, key, lease: { id: 1n, token: 'mine' } } as PendingRow;
    let now: Date | undefined;
    const done = withRows([row], ports, async (open) => {
      now = open.now;
      return new KeyCells(open.locked, []);
    });
    await settle();
    const freedMs = bench.clock.nowMs() + 700;
    bench.clock.wakeNext(freedMs);
    await holder.rollback();
    await done;
    expect(now?.getTime()).toBe(freedMs);
  });
});

function pendingTimer(id: bigint, value: string): object {
  const lease = { leaseToken: 'mine', leaseUntilMs: Infinity };
  return {
    id,
    sequence: 1n,
    kind: 'timer',
    key: { kind: 'counter', value },
    isOrdered: true,
    isQueued: false,
    ...lease,
  };
}
