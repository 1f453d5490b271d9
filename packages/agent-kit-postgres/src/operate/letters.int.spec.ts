import type { StoredLetter } from '@signalbox/agent-kit';
import { OperatorBench, hash, letterOf, orderKey, redriveOf, waiting, who } from '../../test/letters.js';
import { record } from '../../test/writes.js';

let bench: OperatorBench;
beforeAll(async () => {
  bench = await OperatorBench.open();
});
beforeEach(() => bench.empty());
afterAll(() => bench.close());

const oneLetter = async (more: object = {}): Promise<StoredLetter> => {
  const [letter] = await bench.letters(letterOf('e1', more));
  if (!letter) throw new TypeError('no letter was kept');
  return letter;
};
const again = async ({ id }: StoredLetter): Promise<StoredLetter> =>
  (await bench.a.letter(id)) as StoredLetter;

describe('a dead letter', () => {
  it('is kept as it was written, byte for byte, and found by its id', async () => {
    const letter = await oneLetter();
    expect(letter).toMatchObject({ ...letterOf('e1'), status: 'open', edits: 0, edit: null, settled: null });
    expect([letter.record.value, letter.record.headers]).toEqual([record.value, record.headers]);
    expect(await again(letter)).toEqual(letter);
    expect(await bench.a.letter(letter.id + 999n)).toBeUndefined();
  });

  it('may be about nothing anybody could read: no handler, no key, no event', async () => {
    const nobody = {
      handler: null,
      key: null,
      source: null,
      eventId: null,
      eventType: null,
      correlationId: null,
    };
    expect(await oneLetter(nobody)).toMatchObject(nobody);
  });

  it('takes an edit from who has seen the one before, and keeps the original', async () => {
    const letter = await oneLetter();
    const edits = await Promise.all(
      ['x', 'y'].map((value) => bench.a.edit(letter.id, 0, Buffer.from(value), who.by)),
    );
    expect(edits.sort()).toEqual([false, true]);
    expect(await bench.b.edit(letter.id, 1, Buffer.from('z'), 'ben')).toBe(true);
    expect(await again(letter)).toMatchObject({
      edits: 2,
      edit: { value: Buffer.from('z'), by: 'ben' },
      record: letter.record,
    });
  });

  it('is discarded once, by somebody and for a reason, and is edited and redriven no more', async () => {
    const letter = await oneLetter();
    const both = await Promise.all([bench.a, bench.b].map((by) => by.discard(letter.id, who.by, who.why)));
    expect(both.sort()).toEqual([false, true]);
    const kept = await again(letter);
    expect(kept).toMatchObject({ status: 'discarded', settled: who });
    expect(await bench.a.edit(letter.id, 0, Buffer.from('x'), who.by)).toBe(false);
    expect(await bench.a.redrive(redriveOf(kept))).toBe('not_open');
    expect(await bench.queued()).toEqual([]);
  });
});

describe('dead letters', () => {
  const some = () =>
    bench.letters(
      letterOf('e1'),
      letterOf('e2', { fingerprint: 'f2', handler: 'bill', eventType: 'order.billed' }),
      letterOf('e3'),
      letterOf('e4', { errorMessage: 'the newest' }),
    );
  const idsOf = (letters: readonly { eventId: string | null }[]) => letters.map(({ eventId }) => eventId);

  it('are listed newest first, a page at a time', async () => {
    await some();
    const page = await bench.a.letters({}, { limit: 3 });
    expect(idsOf(page)).toEqual(['e4', 'e3', 'e2']);
    expect(idsOf(await bench.a.letters({}, { limit: 3, beforeId: page[2]?.id }))).toEqual(['e1']);
  });

  it('are narrowed by everything a filter names, and counted the same way', async () => {
    const [first, , third] = await some();
    await bench.a.discard(third?.id ?? 0n, who.by, who.why);
    const found = async (filter: Parameters<typeof bench.a.letters>[0]) =>
      idsOf(await bench.a.letters(filter, { limit: 9 }));
    expect(await found({ status: 'discarded' })).toEqual(['e3']);
    expect(await found({ fingerprint: 'f2' })).toEqual(['e2']);
    expect(await found({ handler: 'bill', eventType: 'order.billed' })).toEqual(['e2']);
    expect(await found({ handler: 'bill', eventType: 'order.placed' })).toEqual([]);
    const created = first?.createdAt as Date;
    expect(await found({ to: created })).toEqual([]);
    expect(await found({ from: created, to: new Date(created.getTime() + 3_600_000) })).toHaveLength(4);
    const counted = await bench.a.countOpen({ fingerprint: 'f1' });
    expect([counted.count, (await bench.a.letter(counted.lastId))?.eventId]).toEqual([2, 'e4']);
    expect(await bench.a.countOpen({ fingerprint: 'unknown' })).toEqual({ count: 0, lastId: 0n });
  });

  it('are grouped by their cause, the largest group first, told in the words of the newest', async () => {
    await some();
    const groups = await bench.a.groups({ status: 'open' }, 9);
    expect(groups.map(({ fingerprint, count, handler }) => [fingerprint, count, handler])).toEqual([
      ['f1', 3, 'place'],
      ['f2', 1, 'bill'],
    ]);
    expect(groups[0]).toMatchObject({
      errorCode: 'handler_failed',
      errorMessage: 'the newest',
      eventType: 'order.placed',
    });
    expect((await bench.a.letter(groups[0]?.newestId ?? 0n))?.eventId).toBe('e4');
    expect(await bench.a.groups({}, 1)).toHaveLength(1);
  });
});

describe('a redrive', () => {
  it('happens once though it is asked for three times at once', async () => {
    const letter = await oneLetter();
    const asked = [bench.a, bench.b, bench.a].map((by) => by.redrive(redriveOf(letter)));
    expect((await Promise.all(asked)).sort()).toEqual(['not_open', 'not_open', 'redriven']);
    expect(await again(letter)).toMatchObject({ status: 'redriven', settled: { by: who.by, why: null } });
    expect([await bench.queued(), await bench.isBlocked()]).toEqual([[['e1', true]], true]);
    const [row] = await bench.store.store.claimDue({
      kinds: ['redrive'],
      limit: 1,
      leaseMs: 0,
      timersUntil: null,
      exceptDestinations: [],
    });
    expect(row).toMatchObject({
      eventId: 'e1',
      redrives: 1,
      attempts: 0,
      firstFailedAt: letter.firstFailedAt,
      record: letter.record,
    });
  });

  it('joins the queue of its blocked key in its old place, and waits for the head', async () => {
    const letter = await oneLetter();
    await bench.queue(true, waiting('retry', 'head'), waiting('parked', 'behind'));
    expect(await bench.a.redrive(redriveOf(letter))).toBe('redriven');
    expect(await bench.queued()).toEqual([
      ['e1', false],
      ['head', true],
      ['behind', false],
    ]);
  });

  it('starts a key that waits for a person', async () => {
    const letter = await oneLetter();
    await bench.queue(true, waiting('parked', 'behind'));
    expect(await bench.a.redrive(redriveOf(letter))).toBe('redriven');
    expect(await bench.queued()).toEqual([
      ['e1', true],
      ['behind', false],
    ]);
  });

  it('leaves its key alone where the handler keeps no order', async () => {
    const letter = await oneLetter();
    await bench.queue(false);
    expect(await bench.a.redrive(redriveOf(letter, { isOrdered: false }))).toBe('redriven');
    expect([await bench.queued(), await bench.isBlocked()]).toEqual([[['e1', true]], false]);
  });

  it('is refused without a trace when the letter was edited meanwhile, or the same work is pending', async () => {
    const letter = await oneLetter();
    await bench.a.edit(letter.id, 0, Buffer.from('x'), who.by);
    expect(await bench.a.redrive(redriveOf(letter))).toBe('not_open');
    const work = waiting('retry', 'e1');
    await bench.queue(true, work);
    expect(await bench.a.redrive(redriveOf(await again(letter), { handle: work.handle }))).toBe('at_work');
    expect(await again(letter)).toMatchObject({ status: 'open', settled: null });
    expect(await bench.queued()).toEqual([['e1', true]]);
  });

  it('takes an edited event’s new id into the inbox, and is refused when that is known', async () => {
    const [one, two] = await bench.letters(letterOf('e1'), letterOf('e2'));
    const inbox = { identity: hash('e1~e1'), fingerprint: hash('x') };
    expect(await bench.a.redrive({ ...redriveOf(one as StoredLetter), inbox })).toBe('redriven');
    expect(await bench.a.redrive({ ...redriveOf(two as StoredLetter), inbox })).toBe('id_taken');
    expect((await again(two as StoredLetter)).status).toBe('open');
  });

  it('brings firings and requests back as well, each due at once', async () => {
    const [firing, request] = await bench.letters(letterOf('e1'), letterOf('e2'));
    const setBy = { source: 's', eventId: 'e1', correlationId: 'c', hops: 1 };
    const timer = { name: 'remind', payload: { n: 1 }, setBy };
    const asTimer = redriveOf(firing as StoredLetter, { kind: 'timer', handle: null, record: null, timer });
    expect(await bench.a.redrive(asTimer)).toBe('redriven');
    const key = { kind: 'handler:send', value: 'x' };
    expect(
      await bench.a.redrive(redriveOf(request as StoredLetter, { kind: 'job', key, destination: 'd' })),
    ).toBe('redriven');
    const ask = {
      kinds: ['timer', 'job'] as const,
      limit: 5,
      leaseMs: 0,
      timersUntil: new Date(8.64e14),
      exceptDestinations: [],
    };
    const rows = await bench.store.store.claimDue(ask);
    expect(rows.find(({ kind }) => kind === 'timer')).toMatchObject({ timer, key: orderKey('k') });
    expect(rows.find(({ kind }) => kind === 'job')).toMatchObject({ eventId: 'e2', destination: 'd', key });
    await bench.letters(letterOf('e3'));
    const [third] = await bench.a.letters({ status: 'open' }, { limit: 1 });
    expect(await bench.a.redrive({ ...asTimer, letterId: third?.id ?? 0n })).toBe('at_work');
  });
});
