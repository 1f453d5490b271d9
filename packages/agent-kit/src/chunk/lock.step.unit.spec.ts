import { emailRequested } from '@signalbox/contracts';
import { agent, counter, mail, onSignUp } from '../../test/agent.js';
import { KitBench, type BenchProcess } from '../../test/kit-bench.js';
import type { DecideHandler } from '../handlers.js';
import { emit, setState } from '../outputs.js';
import type { ChunkRun, EventItem } from './chunk.js';
import { Effects } from './effects.js';
import { fence } from './fence.step.js';
import { UnpublishedBeforeUsError, lock as askLocks } from './lock.step.js';
import { runChunk } from './run-chunk.js';
import type { StepContext } from './context.js';

const other = counter.key('usr-other');
const reading: DecideHandler = {
  ...onSignUp,
  reads: () => [other, counter.key('ada')],
  decide: ({ event }) => [
    setState({ total: 1 }),
    emit(emailRequested, mail((event.data as { user_id: string }).user_id)),
  ],
};

const lock = async (run: ChunkRun, context: StepContext): Promise<void> => (await askLocks(run, context))();

describe('lock', () => {
  let bench: KitBench;
  let one: BenchProcess;
  beforeEach(() => {
    bench = new KitBench({ ...agent, handlers: [reading] });
    one = bench.process('one');
  });

  const opened = async (process: BenchProcess): Promise<ChunkRun> => {
    const input = process.chunk(await process.claim());
    const tx = await process.ports.store.begin();
    const taken = input.items.filter((item): item is EventItem => item.kind === 'event');
    const run: ChunkRun = { input, tx, effects: new Effects(), acknowledged: [], taken };
    await (
      await fence(run)
    )();
    return run;
  };
  const handled = async (process: BenchProcess) => {
    const { store, context, publisher } = process.ports;
    return runChunk(store, context, process.chunk(await process.claim()), [], publisher);
  };

  it('locks each key once, and reads the others as they are', async () => {
    bench.signUp('ada', 'bob', 'ada');
    const run = await opened(one);
    await lock(run, one.ports.context);
    expect(one.calls.filter((call) => call.startsWith('tx.'))).toEqual([
      'tx.fence',
      'tx.lockKeys',
      'tx.readKeys',
    ]);
    expect(run.cells?.cell(counter.key('ada')).row.value).toBe('ada');
    expect(() => run.cells?.cell(other)).toThrow('was not locked');
    expect(run.cells?.read(counter, 'usr-other')).toBeUndefined();
    await run.tx.rollback();
  });

  it('locks nothing where nothing is to be handled', async () => {
    const run = await opened(one);
    await lock(run, one.ports.context);
    expect(one.calls.at(-1)).toBe('tx.fence');
    expect(run.cells?.writes()).toEqual([]);
    await run.tx.rollback();
  });

  it('makes others wait for its keys', async () => {
    bench.signUp('ada');
    const run = await opened(one);
    await lock(run, one.ports.context);
    const second = await bench.process('two').ports.store.begin();
    let hasLocked = false;
    const waiting = second.lockKeys([counter.key('ada')]).then(() => (hasLocked = true));
    await Promise.resolve();
    expect(hasLocked).toBe(false);
    await run.tx.rollback();
    await waiting;
    await second.rollback();
  });

  it.each([
    ['its own unpublished records, which stand in its lanes already', 'one', false],
    ['unpublished records of another process', 'two', true],
  ])('stops before %s', async (_what, instance, stops) => {
    bench.signUp('ada');
    const { rows } = await handled(one);
    bench.signUp('ada');
    const process = instance === 'one' ? one : bench.process(instance);
    const run = await opened(process);
    const outcome: unknown = await lock(run, process.ports.context).catch((thrown: unknown) => thrown);
    await run.tx.rollback();
    if (!stops) return expect(outcome).toBeUndefined();
    expect(outcome).toBeInstanceOf(UnpublishedBeforeUsError);
    expect((outcome as UnpublishedBeforeUsError).rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it('goes on when another process’s records are out', async () => {
    bench.signUp('ada');
    const { rows } = await handled(one);
    await one.ports.store.deleteOutbox(rows.map(({ id }) => id));
    bench.signUp('ada');
    const two = bench.process('two');
    const run = await opened(two);
    await lock(run, two.ports.context);
    expect(run.cells?.cell(counter.key('ada')).read(counter)).toEqual({ total: 1 });
    await run.tx.rollback();
  });
});
