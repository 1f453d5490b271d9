import { CommitUnknownError } from '@signalbox/agent-kit';
import { MemoryDatabase } from './memory-database.js';
import { MemoryStore } from './memory-store.js';
import { SeededRandom } from './seeded-random.js';
import { VirtualClock } from './virtual-clock.js';

const key = (value: string) => ({ kind: 'order', value });
const refused = (text: string) =>
  expect.objectContaining({
    code: 'database_unavailable',
    message: expect.stringContaining(text) as string,
  }) as Error;

function world() {
  const clock = new VirtualClock();
  const database = new MemoryDatabase(clock, new SeededRandom(1));
  return { clock, database, a: new MemoryStore(database, 'a'), b: new MemoryStore(database, 'b') };
}
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
/** Moves the clock and lets everything happen that can. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  await turns();
  const untilMs = clock.nowMs() + ms;
  while (clock.wakeNext(untilMs)) await turns();
  await turns();
}

describe('locks in memory', () => {
  it('refuse a circle at once and note it; the other goes on when the refused one has rolled back', async () => {
    const { a, b, database } = world();
    const [first, second] = [await a.begin(), await b.begin()];
    await first.lockKeys([key('x')]);
    await second.lockKeys([key('y')]);
    const waiting = first.lockKeys([key('y')]);
    await expect(second.lockKeys([key('x')])).rejects.toEqual(refused('40P01'));
    expect(database.locks.deadlocks).toHaveLength(1);
    await second.rollback();
    expect(await waiting).toHaveLength(1);
    await first.commit();
  });

  it('are waited for five seconds, first come first served', async () => {
    const { a, b, clock } = world();
    const holder = await a.begin();
    await holder.lockKeys([key('x')]);
    const order: string[] = [];
    const wait = async (name: string) => {
      const tx = await b.begin();
      await tx.lockKeys([key('x')]);
      order.push(name);
      await tx.commit();
    };
    const [one, two] = [wait('one'), wait('two')];
    await pass(clock, 4_900);
    await holder.commit();
    await Promise.all([one, two]);
    expect(order).toEqual(['one', 'two']);

    const again = await a.begin();
    await again.lockKeys([key('x')]);
    const late = wait('late');
    const isRefused = expect(late).rejects.toEqual(refused('55P03'));
    await pass(clock, 5_000);
    await isRefused;
    await again.rollback();
  });

  it('of a transaction that does nothing for ten seconds while others wait are taken from it', async () => {
    const { a, b, clock } = world();
    const [idle, asleep] = [await a.begin(), await a.begin()];
    await idle.lockKeys([key('x')]);
    await asleep.lockKeys([key('y')]);
    await pass(clock, 9_000);
    const other = await b.begin();
    const waiting = other.lockKeys([key('x'), key('y')]);
    await pass(clock, 1_500);
    expect(await waiting).toHaveLength(2);
    await expect(idle.readKeys([])).rejects.toEqual(refused('57P01'));
    await expect(asleep.commit()).rejects.toBeInstanceOf(CommitUnknownError);
  });
});

describe('a database in memory', () => {
  it('undoes the open transactions of a process whose connections end, and no others', async () => {
    const { a, b, database } = world();
    await a.startTopic('orders', new Map(), new Map([[0, 0n]]));
    const [lost, kept] = [await a.begin(), await b.begin()];
    await lost.lockKeys([key('x')]);
    await kept.lockKeys([key('y')]);
    database.disconnect('a');
    await expect(lost.openChunk()).rejects.toEqual(refused('57P01'));
    await kept.commit();
    expect([...database.tables.keys.rows.keys()]).toEqual(['order\ny']);
    expect(database.sessions.size).toBe(0);
    expect(await a.claim({ topic: 'orders', partition: 0 })).toBeDefined();
  });

  it('tells the agent’s time as its own plus an offset, and numbers on when it is emptied', async () => {
    const { a, database, clock } = world();
    database.offsetMs = 60_000;
    expect((await a.now()).getTime()).toBe(clock.nowMs() + 60_000);
    const before = database.next();
    database.empty();
    expect(database.next()).toBe(before + 1n);
    expect(await a.outboxToSweep(0, 1_000, 1)).toEqual([]);
    expect(database.tables.sweeper.rows.has('one')).toBe(true);
  });
});
