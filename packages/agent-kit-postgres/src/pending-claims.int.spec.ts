import { processA, useStores, type TestStore } from '../test/database.js';
import * as pendingSql from './sql/pending.sql.js';

const everything = { timersUntil: new Date(8.64e14), exceptDestinations: [], leaseMs: 60_000 };
const key = { kind: 'order', value: 'k' };
/** Of the thousands that 100,000 rows take. */
const PAGES_MAX = 200;

describe('what is taken from the pending table', () => {
  let a: TestStore;
  let b: TestStore;
  useStores((opened) => ({ a, b } = opened));
  beforeEach(() => a.pool.query('TRUNCATE sb_pending, sb_key'));

  /** Rows by the dozen thousand: `columns` gives what is not the same for all, with `n` as the row's number. */
  const fill = (count: number, columns: Record<string, string>) =>
    a.pool.query(
      `INSERT INTO sb_pending (source, event_id, timestamp_ms, record_headers, "offset", partition, ${Object.keys(columns).join()})
       SELECT 's', 'e' || n, 0, '{}', n, 0, ${Object.values(columns).join()} FROM generate_series(1, ${count}) AS n`,
    );
  const jobs = (count: number, destination: string, claimAt = "now() - interval '1 hour'") =>
    fill(count, {
      kind: "'job'",
      topic: "'t'",
      handler: "'send'",
      key_kind: "'handler:send'",
      key_value: `'${destination}' || n`,
      destination: `'${destination}'`,
      due_at: claimAt,
      claim_at: claimAt,
    });
  const takeJobs = (of: TestStore, more: object = {}) =>
    of.store.claimDue({ ...everything, kinds: ['job'], limit: 64, jobsPerDestinationMax: 4, ...more });
  const destinationsOf = (rows: readonly { destination: string | null }[]) =>
    rows.map(({ destination }) => destination).sort();

  /** Pages a statement looks at, wherever they lie: what it costs, on a machine of any speed. */
  const pagesOf = async (text: string, values: unknown[]): Promise<number> => {
    const client = await a.pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        values,
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan ?? {};
      return (plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };

  describe('jobs', () => {
    it('are taken up to the places of each destination, oldest first', async () => {
      await jobs(50, 'busy');
      await jobs(3, 'quiet', 'now()');
      await jobs(9, 'known');
      const rows = await takeJobs(a, { jobsByDestination: { known: 2 }, exceptDestinations: ['full'] });
      expect(destinationsOf(rows)).toEqual([
        ...['busy', 'busy', 'busy', 'busy'],
        ...['known', 'known', 'quiet', 'quiet', 'quiet'],
      ]);
    });

    it('are left where the destination has no place, and where the process has them in hand', async () => {
      await jobs(2, 'open');
      const [row] = await takeJobs(a, { leaseMs: 0, limit: 1 });
      expect(await takeJobs(a, { exceptDestinations: ['open'] })).toEqual([]);
      const rest = await takeJobs(a, { exceptIds: [row?.id] });
      expect(rest.map(({ id }) => id)).not.toContain(row?.id);
      expect(rest).toHaveLength(1);
    });

    it('of a destination without a name are taken like others', async () => {
      await jobs(2, 'x');
      await a.pool.query('UPDATE sb_pending SET destination = NULL');
      expect(await takeJobs(a)).toHaveLength(2);
    });

    it('cost the same whether 3 or 100,000 of them wait for one destination', async () => {
      await jobs(100_000, 'slow');
      await jobs(100, 'fast');
      await a.pool.query('ANALYZE sb_pending');
      const withSlowOut = { exceptDestinations: ['slow'], jobsByDestination: { slow: 0 }, leaseMs: 0 };
      await takeJobs(a, withSlowOut);
      expect(await takeJobs(a, withSlowOut)).toHaveLength(4);
      const places = JSON.stringify({ slow: 0 });
      expect(await pagesOf(pendingSql.claimJobs, [processA, 1, places, 64, 4, []])).toBeLessThan(PAGES_MAX);
    });

    it('follow each other within a key: the next when the first has ended, at its own time', async () => {
      await jobs(3, 'one');
      await a.pool.query("UPDATE sb_pending SET key_value = 'same'");
      await a.pool.query(
        'UPDATE sb_pending SET claim_at = NULL WHERE id <> (SELECT min(id) FROM sb_pending)',
      );
      const [first, ...others] = await takeJobs(a);
      expect(others).toEqual([]);
      expect(await takeJobs(b)).toEqual([]);
      await a.pool.query('DELETE FROM sb_pending WHERE id = $1', [String(first?.id)]);
      const [second] = await takeJobs(b);
      expect(second?.eventId).toBe('e2');
    });
  });

  describe('queues and timers', () => {
    const row = (kind: string, claimAt: string) =>
      fill(1, {
        kind: `'${kind}'`,
        topic: "'t'",
        handler: "'h'",
        key_kind: "'order'",
        key_value: "'k'",
        due_at: claimAt,
        claim_at: claimAt,
      });
    const timers = (count: number, dueAt: string) =>
      fill(count, {
        kind: "'timer'",
        timer_name: "'t' || n",
        timer_payload: "'null'",
        timer_set_by: "'{}'",
        key_kind: "'order'",
        key_value: "'k' || n",
        due_at: dueAt,
        claim_at: dueAt,
      });
    const take = (timersUntil: Date | null, limit = 10) =>
      a.store.claimDue({ ...everything, kinds: ['retry', 'parked', 'redrive', 'timer'], limit, timersUntil });

    it('are taken side by side, the earliest first, never more than asked for', async () => {
      await row('retry', "now() - interval '100 seconds'");
      await timers(5, "now() - interval '3 minutes' + n * interval '30 seconds'");
      const rows = await take(new Date(8.64e14), 4);
      expect(rows.map(({ kind }) => kind)).toEqual(['timer', 'timer', 'retry', 'timer']);
    });

    it('wait while timers may not fire, without holding up retries', async () => {
      await timers(3, "now() - interval '1 minute'");
      await row('redrive', 'now()');
      expect((await take(null)).map(({ kind }) => kind)).toEqual(['redrive']);
      expect((await take(new Date(Date.now() - 120_000))).map(({ kind }) => kind)).toEqual([]);
      expect(await take(new Date(8.64e14))).toHaveLength(3);
    });

    it('are found by their index among 100,000 timers of the future', async () => {
      await timers(100_000, "now() + interval '1 day'");
      await row('retry', 'now()');
      await a.pool.query('ANALYZE sb_pending');
      expect(await take(new Date(8.64e14))).toHaveLength(1);
      const kinds = ['retry', 'parked', 'redrive', 'timer'];
      const values = [processA, 1, kinds, 10, new Date(8.64e14), []];
      expect(await pagesOf(pendingSql.claimQueues, values)).toBeLessThan(PAGES_MAX);
    });

    it('tell when the next falls due, and that due timers wait', async () => {
      await row('retry', "now() - interval '10 seconds'");
      await timers(1, "now() + interval '10 seconds'");
      const next = await a.store.nextDue(['retry', 'timer']);
      expect(next.inMs).toBeGreaterThan(5_000);
      expect(next.doTimersWait).toBe(false);
      await a.pool.query("UPDATE sb_pending SET claim_at = now() WHERE kind = 'timer'");
      expect(await a.store.nextDue(['retry', 'timer'])).toEqual({ inMs: undefined, doTimersWait: true });
      expect(await a.store.nextDue(['job'])).toEqual({ inMs: undefined, doTimersWait: false });
      await take(new Date(8.64e14));
      expect((await a.store.nextDue(['timer'])).doTimersWait).toBe(false);
    });

    it('count what is parked: in all, and of the key with most', async () => {
      await row('parked', 'NULL');
      await fill(5, {
        kind: "'parked'",
        topic: "'t'",
        handler: "'h'",
        key_kind: "'order'",
        key_value: "'other'",
      });
      expect(await a.store.parkedCounts(100, 100)).toEqual({ total: 6, ofOneKey: 5 });
      expect(await a.store.parkedCounts(3, 2)).toEqual({ total: 3, ofOneKey: 2 });
    });
  });

  describe('a key whose head is a firing', () => {
    const queue = async (names: readonly string[]) => {
      await a.pool.query("INSERT INTO sb_key (kind, value, blocked) VALUES ('order', 'k', true)");
      for (const [at, name] of names.entries()) {
        await a.pool.query(
          `INSERT INTO sb_pending (kind, key_kind, key_value, source, event_id, timer_name, timer_payload, timer_set_by, due_at, claim_at, is_queued)
           VALUES ('timer', 'order', 'k', 's', 'e', $1, 'null', '{}', now(), $2, true)`,
          [name, at === 0 ? new Date(Date.now() + 60_000) : null],
        );
      }
    };
    const write = async (timer: object) => {
      const tx = await a.store.begin();
      const { chunk } = await tx.openChunk();
      await tx.lockKeys([key]);
      const nothing = { keys: [], pending: [], deadLetters: [], outbox: [], acknowledged: [], origin: null };
      await tx.write({ ...nothing, chunk, timers: [{ key, ...timer } as never] });
      await tx.commit();
    };
    const state = async () => {
      const { rows } = await a.pool.query<{ timer_name: string; has_time: boolean }>(
        'SELECT timer_name, claim_at IS NOT NULL AS has_time FROM sb_pending WHERE is_queued ORDER BY sequence',
      );
      const blocked = (await a.pool.query<{ blocked: boolean }>('SELECT blocked FROM sb_key')).rows[0]
        ?.blocked;
      return { blocked, queue: rows.map(({ timer_name: name, has_time: at }) => [name, at]) };
    };

    it('is free when that is cancelled and nothing waits behind it', async () => {
      await queue(['only']);
      await write({ action: 'cancel', name: 'only' });
      expect(await state()).toEqual({ blocked: false, queue: [] });
    });

    it('goes on with the next when that is moved away', async () => {
      await queue(['head', 'next']);
      const setBy = { source: 's', eventId: 'e', correlationId: 'c', hops: 0 };
      await write({ action: 'set', name: 'head', dueAt: new Date(8.64e12), payload: null, setBy });
      expect(await state()).toEqual({ blocked: true, queue: [['next', true]] });
    });

    it('stays as it is when another firing of its queue is cancelled', async () => {
      await queue(['head', 'next']);
      await write({ action: 'cancel', name: 'next' });
      expect(await state()).toEqual({ blocked: true, queue: [['head', true]] });
    });

    it('leaves firings out that the transaction cancels, when it looks for the next', async () => {
      await queue(['head', 'next']);
      const tx = await a.store.begin();
      await tx.lockKeys([key]);
      expect(await tx.makeNextDue([{ key, exceptTimers: ['head', 'next'] }])).toEqual([]);
      expect(await tx.makeNextDue([{ key, exceptTimers: ['head'] }])).toEqual([key]);
      await tx.commit();
      expect((await state()).queue).toEqual([
        ['head', true],
        ['next', true],
      ]);
    });
  });
});
