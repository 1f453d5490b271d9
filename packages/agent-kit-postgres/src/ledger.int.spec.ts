import { processA, processB, useStores, type TestStore } from '../test/database.js';
import { anyDue, job, unsettled, writePending } from '../test/writes.js';

describe('the ledger of outside acts', () => {
  let a: TestStore;
  let b: TestStore;
  useStores((opened) => ({ a, b } = opened));
  beforeEach(() => a.pool.query('TRUNCATE sb_pending, sb_ledger'));
  const act = { idempotencyKey: processA, handler: 'send', eventId: 'e', destination: 'd', attempt: 1 };
  const begin = (of: TestStore, { id, token }: { id: bigint; token: string }) =>
    of.store.startActs([{ ...act, token, pendingId: id, leaseMs: 60_000 }]).then(([verdict]) => verdict);
  const claim = async (of: TestStore, leaseMs = 60_000) => {
    const [row] = await of.store.claimDue({ ...anyDue, kinds: ['job'], limit: 1, leaseMs });
    return row?.lease as { id: bigint; token: string };
  };
  const giveBack = (lease: { id: bigint; token: string }) => a.store.unclaim([lease]);

  beforeEach(async () => {
    await writePending(a, [job('x', '1')]);
  });

  it('tells a first attempt, one that never ended, one that failed and one that is done', async () => {
    const first = await claim(a);
    expect(await begin(a, first)).toBe('started');
    await giveBack(first);
    const second = await claim(b);
    expect(await begin(b, second)).toBe('unknown');
    await endAct(b, second.token, 'failed');
    expect(await begin(b, second)).toBe('started');
    await endAct(b, second.token, 'done');
    expect(await begin(b, second)).toBe('done');
  });

  it('lets only the holder of the token say how it ended', async () => {
    const first = await claim(a);
    await begin(a, first);
    await endAct(b, processB, 'done');
    expect(await begin(a, first)).toBe('unknown');
  });

  it('does not let a process begin that wakes up after its lease: the one at work keeps the token', async () => {
    const late = await claim(a, 0);
    const held = await claim(b);
    expect(await begin(b, held)).toBe('started');
    expect(await begin(a, late)).toBe('lost');
    await endAct(b, held.token, 'done');
    expect(await begin(b, held)).toBe('done');
  });

  it('prolongs the lease from the moment the act begins, and refuses one that has run out', async () => {
    const short = await claim(a, 40_000);
    expect(await begin(a, short)).toBe('started');
    const { rows } = await a.pool.query<{ left_ms: number }>(
      'SELECT (extract(epoch FROM lease_until - clock_timestamp()) * 1000)::float8 AS left_ms FROM sb_pending',
    );
    expect(rows[0]?.left_ms).toBeGreaterThan(45_000);
    await giveBack(short);
    const over = await claim(a, 0);
    expect(await begin(a, over)).toBe('lost');
  });
});

async function endAct(of: TestStore, token: string, status: 'done' | 'failed'): Promise<void> {
  const tx = await of.store.begin();
  await tx.settlePending({ ...unsettled, acts: [{ idempotencyKey: processA, token, status, outcome: '' }] });
  await tx.commit();
}
