import { KeyMadeMeanwhileError, type KeyWrite } from '@signalbox/agent-kit';
import { processA, processB, useStores, type TestStore } from '../test/database.js';
import { job, nothing } from '../test/writes.js';

const key = (value: string) => ({ kind: 'order', value });
const write = (value: string, state: string): KeyWrite => ({
  ...key(value),
  state,
  stateVersion: 1,
  changed: true,
  emitted: true,
  blocked: false,
});
const timer = (value: string) => ({
  action: 'set' as const,
  key: key(value),
  name: 'late',
  dueAt: new Date(9e12),
  payload: null,
  setBy: { source: 's', eventId: 'e', correlationId: 'c', hops: 0 },
});

describe('keys that only the write makes', () => {
  let a: TestStore;
  let b: TestStore;
  useStores((opened) => ({ a, b } = opened));
  beforeEach(() => a.pool.query('TRUNCATE sb_key, sb_pending'));

  const open = async (of: TestStore, values: string[]) => {
    const tx = await of.store.begin();
    const { chunk } = await tx.openChunk();
    const rows = await tx.lockKeys(values.map(key), 'make-later');
    const save = (...keys: KeyWrite[]) => tx.write({ ...nothing(chunk), keys });
    return { tx, chunk, rows, save };
  };
  const stored = async (): Promise<[string, string | null][]> =>
    (
      await a.pool.query<{ value: string; state: string | null }>(
        'SELECT value, state FROM sb_key ORDER BY value',
      )
    ).rows.map(({ value, state }) => [value, state]);

  const read = async (value: string) => {
    const { tx, rows } = await open(a, [value]);
    await tx.rollback();
    return rows[0];
  };

  it('are empty rows until then, in the order given, beside those that are there', async () => {
    const first = await open(a, ['b']);
    await first.save(write('b', '{"n":1}'));
    await first.tx.commit();
    const second = await open(b, ['c', 'b', 'a']);
    expect(second.rows.map(({ value, state }) => [value, state])).toEqual([
      ['c', null],
      ['b', '{"n":1}'],
      ['a', null],
    ]);
    await second.save(write('a', '{"n":2}'), write('b', '{"n":3}'));
    await second.tx.commit();
    expect(await stored()).toEqual([
      ['a', '{"n":2}'],
      ['b', '{"n":3}'],
    ]);
    expect(await read('a')).toMatchObject({ stateVersion: 1, lastChunk: second.chunk, lastOwner: processB });
  });

  it('reject the second of two transactions that make the same one, once the first has committed', async () => {
    const [one, two] = [await open(a, ['x', 'y']), await open(b, ['y'])];
    await one.save(write('x', '1'), write('y', '1'));
    const late = two.save(write('y', '2')).then(
      () => 'written',
      (error: unknown) => error,
    );
    await one.tx.commit();
    expect(await late).toBeInstanceOf(KeyMadeMeanwhileError);
    await two.tx.rollback();
    expect(await stored()).toEqual([
      ['x', '1'],
      ['y', '1'],
    ]);
    expect(await read('y')).toMatchObject({ state: '1', lastOwner: processA });
  });

  it('let the second go on when the first was undone', async () => {
    const [one, two] = [await open(a, ['x']), await open(b, ['x'])];
    await one.save(write('x', '1'));
    const late = two.save(write('x', '2'));
    await one.tx.rollback();
    await late;
    await two.tx.commit();
    expect(await stored()).toEqual([['x', '2']]);
  });

  it('are made for what belongs to them, and for nothing else', async () => {
    const { tx, chunk } = await open(a, ['timed', 'work', 'noted']);
    const pending = [{ ...job('work', 'e1'), key: key('work') }];
    await tx.write({ ...nothing(chunk), timers: [timer('timed')], pending });
    await tx.commit();
    expect(await stored()).toEqual([
      ['timed', null],
      ['work', null],
    ]);
  });

  it('wait for a key that is there and held', async () => {
    const made = await open(a, ['x']);
    await made.save(write('x', '1'));
    await made.tx.commit();
    const holder = await open(a, ['x']);
    const waiting = open(b, ['x']);
    await holder.save(write('x', '2'));
    await holder.tx.commit();
    const { rows, tx } = await waiting;
    expect(rows[0]).toMatchObject({ state: '2' });
    await tx.rollback();
  });
});
