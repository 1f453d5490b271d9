import { KeyMadeMeanwhileError, type KeyWrite } from '@signalbox/agent-kit';
import {
  hash,
  inTransaction,
  keyOf,
  processA,
  processB,
  timer,
  waiting,
  write,
  type Stores,
} from './stores.js';

const row = (id: string, content: string) => ({
  identity: hash(id),
  fingerprint: hash(content),
  outcome: 'taken' as const,
});
const state = (value: string, text: string | null, more: Partial<KeyWrite> = {}): KeyWrite => ({
  ...keyOf(value),
  state: text,
  stateVersion: 2,
  changed: true,
  emitted: false,
  blocked: false,
  ...more,
});

/** Which events are known, and what is remembered of each key. */
export function inboxAndKeysContract(stores: () => Stores): void {
  it('tells new ids, repeats and conflicts apart in the order given, and forgets what was rolled back', async () => {
    const { a, b } = stores();
    const undone = await a.begin();
    await undone.takeResponsibility([row('1', 'y')]);
    await undone.rollback();
    const taken = await inTransaction(a, (tx) => tx.takeResponsibility([row('2', 'x'), row('1', 'y')]));
    expect(taken).toEqual(['taken', 'taken']);
    const rows = [row('1', 'y'), row('3', 'z'), row('2', 'other')];
    const again = await inTransaction(b, (tx) => tx.takeResponsibility(rows));
    expect(again).toEqual(['duplicate', 'taken', 'conflict']);
  });

  it('lets one of two transactions take an id: the other waits and learns how that ended', async () => {
    const { a, b } = stores();
    for (const [ended, verdict] of [
      ['commit', 'duplicate'],
      ['rollback', 'taken'],
    ] as const) {
      const [first, second] = [await a.begin(), await b.begin()];
      await first.takeResponsibility([row(ended, 'x')]);
      const waiting = second.takeResponsibility([row(ended, 'x')]);
      await first[ended]();
      expect(await waiting).toEqual([verdict]);
      await second.rollback();
    }
  });

  it('makes a second transaction wait for a key that is not there yet, and shows it what the first wrote', async () => {
    const { a, b } = stores();
    const [first, second] = [await a.begin(), await b.begin()];
    const { chunk } = await first.openChunk();
    await first.lockKeys([keyOf('new')]);
    const waiting = second.lockKeys([keyOf('new')]);
    const keys = [state('new', '{"n":1}', { emitted: true, blocked: true })];
    await first.write({
      chunk,
      keys,
      origin: null,
      pending: [],
      timers: [],
      deadLetters: [],
      outbox: [],
      acknowledged: [],
    });
    await first.commit();
    expect(await waiting).toMatchObject([
      {
        ...keyOf('new'),
        state: '{"n":1}',
        stateVersion: 2,
        blocked: true,
        lastChunk: chunk,
        lastOwner: processA,
      },
    ]);
    await second.rollback();
  });

  it('gives one row for each key in the order asked for, and leaves out those another holds when told to', async () => {
    const { a, b } = stores();
    const [first, second] = [await a.begin(), await b.begin()];
    const rows = await first.lockKeys([keyOf('z'), keyOf('held'), keyOf('a')]);
    expect(rows.map(({ value }) => value)).toEqual(['z', 'held', 'a']);
    await first.commit();
    const third = await a.begin();
    await third.lockKeys([keyOf('held')]);
    const free = await second.lockKeys([keyOf('held'), keyOf('z'), keyOf('a')], 'leave');
    expect(free.map(({ value }) => value).sort()).toEqual(['a', 'z']);
    await Promise.all([second.rollback(), third.rollback()]);
  });

  it('makes a missing key with what is written, and says so when another transaction was first', async () => {
    const { a, b } = stores();
    const [first, second] = [await a.begin(), await b.begin()];
    const nothing = { origin: null, pending: [], timers: [], deadLetters: [], outbox: [], acknowledged: [] };
    const writeTo = async (tx: typeof first, text: string) => {
      const { chunk } = await tx.openChunk();
      const [row] = await tx.lockKeys([keyOf('late')], 'make-later');
      return { row, write: () => tx.write({ ...nothing, chunk, keys: [state('late', text)] }) };
    };
    const [one, two] = [await writeTo(first, '1'), await writeTo(second, '2')];
    expect([one.row, two.row]).toMatchObject([
      { state: null, blocked: false },
      { state: null, blocked: false },
    ]);
    await one.write();
    const beaten = two.write();
    await first.commit();
    await expect(beaten).rejects.toBeInstanceOf(KeyMadeMeanwhileError);
    await second.rollback();
    const [kept] = await inTransaction(b, (tx) => tx.lockKeys([keyOf('late')], 'make-later'));
    expect(kept?.state).toBe('1');
  });

  it('makes missing keys for timers and pending work as well, and for nothing else', async () => {
    const { a } = stores();
    await inTransaction(a, async (tx) => {
      const { chunk } = await tx.openChunk();
      await tx.lockKeys(['timed', 'work', 'idle'].map(keyOf), 'make-later');
      const writes = { timers: [timer('timed', 't')], pending: [waiting('retry', 'work', 'e')] };
      await tx.write({
        chunk,
        origin: null,
        keys: [],
        deadLetters: [],
        outbox: [],
        acknowledged: [],
        ...writes,
      });
    });
    const made = await inTransaction(a, (tx) => tx.readKeys(['timed', 'work', 'idle'].map(keyOf)));
    expect(made.map(({ value }) => value).sort()).toEqual(['timed', 'work']);
  });

  it('shows committed states without a lock, and leaves out keys that are not there', async () => {
    const { a, b } = stores();
    await inTransaction(a, (tx) => tx.lockKeys([keyOf('k')]));
    await write(a, { keys: [state('k', '1')] });
    const open = await a.begin();
    const { chunk } = await open.openChunk();
    await open.lockKeys([keyOf('k')]);
    await open.write({
      chunk,
      keys: [state('k', '2')],
      origin: null,
      pending: [],
      timers: [],
      deadLetters: [],
      outbox: [],
      acknowledged: [],
    });
    const read = await inTransaction(b, (tx) => tx.readKeys([keyOf('k'), keyOf('absent')]));
    expect(read.map((one) => [one.value, one.state])).toEqual([['k', '1']]);
    await open.rollback();
  });

  it('keeps a state that did not change, its version, and the highest chunk that wrote records for the key', async () => {
    const { a, b } = stores();
    await inTransaction(a, (tx) => tx.lockKeys([keyOf('k')]));
    await write(a, { keys: [state('k', '{"kept":true}', { emitted: true })] });
    const [before] = await inTransaction(a, (tx) => tx.readKeys([keyOf('k')]));
    await write(b, { keys: [state('k', null, { changed: false, stateVersion: 9, blocked: true })] });
    const [quiet] = await inTransaction(a, (tx) => tx.readKeys([keyOf('k')]));
    expect(quiet).toEqual({ ...before, blocked: true });
    await write(b, { chunk: 1n, keys: [state('k', null, { emitted: true })] });
    const [after] = await inTransaction(a, (tx) => tx.readKeys([keyOf('k')]));
    expect(after).toMatchObject({
      state: null,
      blocked: false,
      lastChunk: before?.lastChunk,
      lastOwner: processB,
    });
  });
}
