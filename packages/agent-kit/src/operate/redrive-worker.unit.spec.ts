import { agent, onSignUp, signUp } from '../../test/agent.js';
import { encodeEvent } from '@signalbox/contracts';
import { createRegistry } from '../registry.js';
import { KillSwitches } from './kill-switches.js';
import type { OperatorStore, RedriveRun, RunProgress, StoredLetter } from './operator-store.js';
import { RedriveWorker } from './redrive-worker.js';

const registry = createRegistry({ ...agent, handlers: [onSignUp] });

const letter = (id: number): StoredLetter =>
  ({
    id: BigInt(id),
    sequence: BigInt(id),
    status: 'open',
    handler: 'greet',
    eventId: `evt-${id}`,
    errorCode: 'handler_failed',
    redrives: 0,
    edits: 0,
    edit: null,
    record: { topic: signUp.event_type, offset: 0n, headers: {}, value: encodeEvent(signUp).value },
  }) as unknown as StoredLetter;

/** A run over `count` letters, of which those in `taken` were settled by somebody else. */
function world(count: number, change: Partial<RedriveRun> = {}, taken: readonly number[] = []) {
  let run = {
    id: 1n,
    status: 'running',
    ratePerS: 4,
    lettersMax: 100,
    redriven: 0,
    refused: 0,
    lastRefusal: null,
    atId: 0n,
    lastId: BigInt(count),
    askedBy: 'ann',
    filter: {},
    total: count,
    ...change,
  } as RedriveRun;
  let nowMs = 0;
  const redriven: bigint[] = [];
  const away = { fromLetter: Infinity };
  const store = {
    takeRun: () => Promise.resolve(run.status === 'running' ? run : undefined),
    lettersOfRun: ({ atId }: RedriveRun, limit: number) =>
      Promise.resolve(
        Array.from({ length: count }, (_, n) => letter(n + 1))
          .filter(({ id }) => id > atId)
          .slice(0, limit),
      ),
    redrive: ({ letterId }: { letterId: bigint }) => {
      if (Number(letterId) >= away.fromLetter) return Promise.reject(new Error('the database is away'));
      if (taken.includes(Number(letterId))) return Promise.resolve('not_open');
      redriven.push(letterId);
      return Promise.resolve('redriven');
    },
    advanceRun: (_id: bigint, { isDone, ...progress }: RunProgress) => {
      run = { ...run, ...progress, ...(isDone ? { status: 'done' } : {}) };
      return Promise.resolve(true);
    },
  } as unknown as OperatorStore;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
  const worker = new RedriveWorker(store, registry, clock, new KillSwitches(undefined));
  const after = async (ms: number): Promise<number> => {
    nowMs += ms;
    await worker.step();
    return redriven.length;
  };
  return { after, worker, redriven, away, run: () => run, ask: () => (run = { ...run, status: 'running' }) };
}

describe('a redrive of many', () => {
  it('keeps its rate, and does not make up for a long break', async () => {
    const { after } = world(100);
    expect(await after(0)).toBe(1);
    expect(await after(250)).toBe(2);
    expect(await after(100)).toBe(2);
    expect(await after(150)).toBe(3);
    expect(await after(60_000)).toBe(7);
  });

  it('is looked for every ten seconds while there is none, and stepped through every quarter of a second', async () => {
    const { after, ask, worker, away } = world(3, { status: 'done' });
    await after(0);
    expect(worker.pauseMs).toBe(10_000);
    ask();
    await after(10_000);
    expect(worker.pauseMs).toBe(250);
    away.fromLetter = 0;
    await expect(after(250)).rejects.toThrow('away');
    expect(worker.pauseMs).toBe(250);
  });

  it('goes through its letters in order, counts what is refused, and ends', async () => {
    const { after, redriven, run } = world(3, { ratePerS: 100 }, [2]);
    await after(0);
    await after(1_000);
    expect(redriven).toEqual([1n, 3n]);
    expect(run()).toMatchObject({ status: 'done', redriven: 2, refused: 1, atId: 3n });
    expect(run().lastRefusal).toMatch(/settled or edited meanwhile/);
  });

  it('takes no more than its cap', async () => {
    const { after, run } = world(10, { ratePerS: 100, lettersMax: 4 });
    await after(0);
    expect(await after(1_000)).toBe(4);
    expect(run()).toMatchObject({ status: 'done', redriven: 4 });
    expect(await after(1_000)).toBe(4);
  });

  it('counts against its cap what a step redrove before the database went away', async () => {
    const { after, away, redriven, run } = world(10, { ratePerS: 100, lettersMax: 4 });
    await after(0);
    away.fromLetter = 4;
    await expect(after(1_000)).rejects.toThrow('away');
    expect(redriven).toEqual([1n, 2n, 3n]);
    away.fromLetter = Infinity;
    await after(1_000);
    expect(redriven).toEqual([1n, 2n, 3n, 4n]);
    expect(run()).toMatchObject({ status: 'done', redriven: 4 });
  });
});
