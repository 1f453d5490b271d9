import { processA, processB, storeFactory, type TestStore } from '../test/database.js';
import { PostgresUpkeep } from './postgres-upkeep.js';

const DAY_MS = 86_400_000;

describe('PostgresUpkeep', () => {
  let factory: Awaited<ReturnType<typeof storeFactory>>;
  let a: TestStore;
  let upkeep: PostgresUpkeep;

  beforeAll(async () => {
    factory = await storeFactory();
    a = factory.open(processA);
    upkeep = new PostgresUpkeep(a.pool, processA);
  });
  afterAll(() => factory.close());
  beforeEach(async () => {
    await a.pool.query('TRUNCATE sb_inbox, sb_key, sb_outbox, sb_pending, sb_dead_letter');
    await a.pool.query('UPDATE sb_inbox_window SET forgotten_until = NULL');
  });

  const receive = (count: number, daysAgo: number) =>
    a.pool.query(
      `INSERT INTO sb_inbox (identity, fingerprint, received_at)
       SELECT gen_random_uuid(), gen_random_uuid(), now() - $2 * interval '1 day' FROM generate_series(1, $1)`,
      [count, daysAgo],
    );
  const countOf = async (table: string): Promise<number> =>
    (await a.pool.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table}`)).rows[0]?.n ?? -1;
  const addKey = (value: string, more: { state?: string; blocked?: boolean; owner?: string } = {}) =>
    a.pool.query(
      'INSERT INTO sb_key (kind, value, state, blocked, last_owner, last_chunk) VALUES ($1, $2, $3, $4, $5, 7)',
      ['k', value, more.state ?? null, more.blocked ?? false, more.owner ?? null],
    );
  const addOutbox = (owner: string, chunk: number, ageS = 0) =>
    a.pool.query<{ id: string }>(
      `INSERT INTO sb_outbox (chunk, owner, topic, partition, records, created_at)
       VALUES ($1, $2, 't', 0, '', clock_timestamp() - $3 * interval '1 second') RETURNING id`,
      [chunk, owner, ageS],
    );

  describe('the inbox', () => {
    it('forgets what is older than the window, in batches, and remembers until when', async () => {
      await receive(5, 40);
      await receive(3, 10);
      expect(await upkeep.forgetInbox(30 * DAY_MS, 2)).toMatchObject({ deleted: 2 });
      expect(await upkeep.forgetInbox(30 * DAY_MS, 10)).toMatchObject({ deleted: 3 });
      const { deleted, until } = await upkeep.forgetInbox(30 * DAY_MS, 10);
      expect(deleted).toBe(0);
      expect(Math.abs(Date.now() - 40 * DAY_MS - (until?.getTime() ?? 0))).toBeLessThan(60_000);
      expect(await countOf('sb_inbox')).toBe(3);
    });

    it('is found by age in few pages: new pages are summarised without waiting for a vacuum of the whole table', async () => {
      const { rows } = await a.pool.query<{ reloptions: string[] }>(
        `SELECT reloptions FROM pg_class WHERE oid = 'sb_inbox_received'::regclass`,
      );
      expect(rows[0]?.reloptions).toContain('autosummarize=on');
    });

    it('says that nothing is forgotten while nothing was', async () => {
      await receive(1, 10);
      expect(await upkeep.forgetInbox(30 * DAY_MS, 10)).toEqual({ deleted: 0, until: null });
    });
  });

  describe('keys', () => {
    it('are dropped when they hold nothing, a page at a time', async () => {
      await addKey('a');
      await addKey('b', { state: '{}' });
      await addKey('c', { blocked: true });
      await addKey('d');
      const next = await upkeep.dropEmptyKeys(undefined, 2);
      expect(next).toEqual({ kind: 'k', value: 'b' });
      expect(await countOf('sb_key')).toBe(3);
      expect(await upkeep.dropEmptyKeys(next, 3)).toBeUndefined();
      const { rows } = await a.pool.query<{ value: string }>('SELECT value FROM sb_key ORDER BY value');
      expect(rows.map(({ value }) => value)).toEqual(['b', 'c']);
    });

    it('stay while they have unfinished work or records that are not published', async () => {
      await addKey('timer');
      await a.pool.query(
        `INSERT INTO sb_pending (kind, key_kind, key_value, source, event_id, timer_name) VALUES ('timer', 'k', 'timer', 's', 'e', 'n')`,
      );
      await addKey('emitted', { owner: processB });
      await addOutbox(processB, 7);
      await upkeep.dropEmptyKeys(undefined, 10);
      expect(await countOf('sb_key')).toBe(2);
    });

    it('stay while another transaction holds them', async () => {
      await addKey('held');
      const client = await a.pool.connect();
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM sb_key FOR UPDATE');
      await upkeep.dropEmptyKeys(undefined, 10);
      await client.query('ROLLBACK');
      client.release();
      expect(await countOf('sb_key')).toBe(1);
    });
  });

  it('finds rows of this process that it lost sight of', async () => {
    const [known, lost, young] = [
      await addOutbox(processA, 1, 60),
      await addOutbox(processA, 2, 60),
      await addOutbox(processA, 3),
    ];
    await addOutbox(processB, 4, 60);
    const rows = await upkeep.orphanedOutbox(30_000, [BigInt(known.rows[0]?.id ?? 0)], 10);
    expect(rows.map(({ id }) => String(id))).toEqual([lost.rows[0]?.id]);
    expect(young.rowCount).toBe(1);
  });

  it('measures what waits', async () => {
    expect(await upkeep.measure()).toEqual({
      pending: { retry: 0, parked: 0, redrive: 0, timer: 0, job: 0 },
      overdueMs: 0,
      timerLagMs: 0,
      outboxAgeMs: 0,
      deadLettersOpen: 0,
      jobsByDestination: {},
    });
    await addOutbox(processB, 1, 20);
    await a.pool.query(
      `INSERT INTO sb_pending (kind, key_kind, key_value, source, event_id, timer_name, claim_at)
       VALUES ('timer', 'k', 'v', 's', 'e', 'n', clock_timestamp() - interval '5 seconds')`,
    );
    await a.pool.query(
      `INSERT INTO sb_pending (kind, key_kind, key_value, source, event_id, topic, destination, claim_at)
       VALUES ('job', 'k', 'v', 's', 'e', 't', 'slack', clock_timestamp() - interval '9 seconds')`,
    );
    expect((await upkeep.measure()).jobsByDestination).toEqual({ slack: 1 });
    const measured = await upkeep.measure();
    expect(measured.pending).toMatchObject({ timer: 1, job: 1 });
    expect(measured.timerLagMs).toBeGreaterThanOrEqual(5_000);
    expect(measured.overdueMs).toBeGreaterThanOrEqual(9_000);
    expect(measured.outboxAgeMs).toBeGreaterThanOrEqual(20_000);
  });
});
