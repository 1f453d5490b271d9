import type { ActStart, PendingRow } from '@signalbox/agent-kit';
import { due, idsOf, inTransaction, job, longAgo, settle, write, type Stores } from './stores.js';

const act = (row: PendingRow | undefined, more: Partial<ActStart> = {}): ActStart => ({
  pendingId: row?.id ?? 0n,
  leaseMs: 60_000,
  idempotencyKey: '00000000-0000-5000-8000-000000000001',
  handler: 'send',
  eventId: row?.eventId ?? '',
  destination: 'd',
  token: row?.lease.token ?? '',
  attempt: 1,
  ...more,
});

/** Requests to the outside, and the ledger of acts. */
export function jobsContract(stores: () => Stores): void {
  const take = async (by: keyof Stores = 'a', more: object = {}) =>
    stores()[by].claimDue({ ...due('job'), timersUntil: null, ...more });

  it('leases the first of each key; the next follows when that has ended, at its own time', async () => {
    const { a } = stores();
    const later = new Date(8.64e12);
    await write(a, { pending: [job('x', '1'), job('x', '2'), job('y', '3')] });
    await write(a, { pending: [job('x', '4', { dueAt: later, claimAt: later }), job('z', '5')] });
    const rows = await take('b');
    expect(idsOf(rows).sort()).toEqual(['1', '3', '5']);
    expect(await take()).toEqual([]);
    const held = await inTransaction(stores().b, (tx) => tx.takePending(rows.map(({ lease }) => lease)));
    expect(held).toEqual(new Set(rows.map(({ id }) => id)));
    await settle(a, { ended: rows.map(({ id }) => id) });
    const [second, ...others] = await take();
    expect([second?.eventId, others]).toEqual(['2', []]);
    await settle(a, { ended: [second?.id ?? 0n] });
    expect(await take()).toEqual([]);
  });

  it('keeps a key’s next job waiting while the first waits for another attempt', async () => {
    const { a } = stores();
    await write(a, { pending: [job('x', '1'), job('x', '2')] });
    const [row] = await take();
    const again = {
      dueAt: new Date(8.64e12),
      claimAt: new Date(8.64e12),
      attempts: 1,
      errorCode: 'outbound_failed',
      errorMessage: '503',
    };
    await settle(a, { postponed: [{ ...again, id: row?.id ?? 0n }] });
    expect(await take()).toEqual([]);
    await settle(a, { postponed: [{ ...again, id: row?.id ?? 0n, dueAt: longAgo, claimAt: longAgo }] });
    expect(await take()).toMatchObject([{ kind: 'job', eventId: '1', attempts: 1, destination: 'd' }]);
  });

  it('takes as many for a destination as it has places, the oldest first, and none where it has none', async () => {
    const { a } = stores();
    const of = (destination: string, count: number) =>
      Array.from({ length: count }, (_none, n) =>
        job(`${destination} ${n}`, `${destination} ${n}`, {
          destination,
          dueAt: new Date(n),
          claimAt: new Date(n),
        }),
      );
    await write(a, { pending: [...of('busy', 6), ...of('known', 4), ...of('full', 2), ...of('quiet', 1)] });
    const limits = {
      jobsPerDestinationMax: 3,
      jobsByDestination: { known: 2, full: 0 },
      exceptDestinations: ['full'],
    };
    const rows = await take('a', limits);
    expect(idsOf(rows).sort()).toEqual(['busy 0', 'busy 1', 'busy 2', 'known 0', 'known 1', 'quiet 0']);
    const next = await take('a', { ...limits, limit: 1, exceptDestinations: ['full', 'known'] });
    expect(idsOf(next)).toEqual(['busy 3']);
  });

  it('tells a first act, one that never ended, one that failed, and one that is done for good', async () => {
    const { a } = stores();
    await write(a, { pending: [job('x', '1')] });
    const [row] = await take();
    const start = async () => (await a.startActs([act(row)]))[0];
    const end = (status: 'failed' | 'done', token = row?.lease.token ?? '') =>
      settle(a, { acts: [{ idempotencyKey: act(row).idempotencyKey, token, status, outcome: status }] });
    expect([await start(), await start()]).toEqual(['started', 'unknown']);
    await end('failed');
    expect(await start()).toBe('started');
    await end('done', '00000000-0000-4000-8000-000000000000'); // not the one that began it
    expect(await start()).toBe('unknown');
    await end('done');
    expect([await start(), await start()]).toEqual(['done', 'done']);
  });

  it('begins an act for the holder of the lease alone, one verdict each in the order given', async () => {
    const { a, b } = stores();
    await write(a, { pending: [job('x', '1'), job('y', '2')] });
    const stale = await take('a', { leaseMs: 0 });
    const held = await take('b', { limit: 1 });
    const at = (n: number) => `00000000-0000-5000-8000-00000000000${n}`;
    const [late] = stale.filter(({ id }) => id === held[0]?.id);
    const verdicts = await a.startActs([
      act(late, { idempotencyKey: at(1) }),
      act(held[0], { idempotencyKey: at(2) }),
      act(
        stale.find(({ id }) => id !== held[0]?.id),
        { idempotencyKey: at(3) },
      ),
      act(undefined, { idempotencyKey: at(4), token: at(9) }),
    ]);
    expect(verdicts).toEqual(['lost', 'started', 'lost', 'lost']);
    expect(await b.startActs([act(held[0], { idempotencyKey: at(1) })])).toEqual(['started']);
  });

  it('prolongs the lease of a job whose act begins', async () => {
    const { a } = stores();
    await write(a, { pending: [job('x', '1')] });
    const [row] = await take('a', { leaseMs: 60_000 });
    await a.startActs([act(row, { leaseMs: 0 })]);
    expect((await take('b')).map(({ eventId, starts }) => [eventId, starts])).toEqual([['1', 2]]);
  });
}
