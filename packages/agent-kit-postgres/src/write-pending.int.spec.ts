import type { PendingInsert } from '@signalbox/agent-kit';
import { processA, storeFactory, type TestStore } from '../test/database.js';
import { anyDue, job, nothing, record, writePending } from '../test/writes.js';

describe('unfinished work written together', () => {
  let factory: Awaited<ReturnType<typeof storeFactory>>;
  let a: TestStore;

  beforeAll(async () => {
    factory = await storeFactory();
    a = factory.open(processA);
  });
  afterAll(() => factory.close());
  beforeEach(() => a.pool.query('TRUNCATE sb_pending'));

  const waiting = (eventId: string, more: Partial<PendingInsert> = {}): PendingInsert => {
    const { destination: _none, ...row } = job(eventId, eventId);
    return { ...row, kind: 'retry', attempts: 1, errorCode: 'handler_failed', errorMessage: 'no', ...more };
  };
  const stored = async () => {
    const { rows } = await a.pool.query(`
      SELECT event_id, kind, handle, handler, key_kind, key_value, source, due_at, claim_at, is_ordered, attempts, error_code,
        error_message, first_failed_at IS NOT NULL AS has_failed, destination, topic, partition, "offset", timestamp_ms,
        record_key, record_value
      FROM sb_pending ORDER BY sequence`);
    return rows as Record<string, unknown>[];
  };
  const asStored = ({ key, record: raw, ...row }: PendingInsert) => ({
    event_id: row.eventId,
    kind: row.kind,
    handle: row.handle,
    handler: row.handler,
    key_kind: key.kind,
    key_value: key.value,
    source: row.source,
    due_at: row.dueAt,
    claim_at: row.claimAt,
    is_ordered: row.isOrdered,
    attempts: row.attempts,
    error_code: row.errorCode ?? null,
    error_message: row.errorMessage ?? null,
    has_failed: row.errorCode !== undefined,
    destination: row.destination ?? null,
    topic: raw.topic,
    partition: raw.partition,
    offset: String(raw.offset),
    timestamp_ms: String(raw.timestampMs),
    record_key: raw.key,
    record_value: raw.value,
  });

  const first = waiting('1');
  const { errorCode: _code, errorMessage: _message, ...unfailed } = waiting('0');
  /** Each differs from the first in one thing that rows may share, the first comes again between them. */
  const differing: Partial<PendingInsert>[] = [
    { kind: 'parked', dueAt: null, claimAt: null },
    { handler: 'other' },
    { key: { kind: 'parcel', value: 'p' } },
    { source: 'another' },
    { dueAt: new Date(1) },
    { claimAt: new Date(60_001) },
    { isOrdered: false },
    { attempts: 2 },
    { errorCode: 'schema_newer' },
    { record: { ...record, topic: 'parcels' } },
    { record: { ...record, partition: 1 } },
  ];
  const rows = [
    ...differing.flatMap((more, at) => [waiting(`${at}-same`), waiting(`${at}-other`, more)]),
    { ...unfailed, attempts: 0 },
    waiting('own', {
      errorMessage: 'äöü 🙂',
      record: { ...record, offset: 2n ** 53n + 1n, timestampMs: -1, key: null, value: null, headers: {} },
    }),
    first,
  ];

  it('keeps its order and is stored row by row as it is, whatever rows have in common', async () => {
    await writePending(a, rows);
    expect(await stored()).toEqual(rows.map(asStored));
  });

  it('is stored in the same way beside jobs, of which one behind another of its key waits', async () => {
    const jobs = [job('a', 'j1'), job('b', 'j2'), job('a', 'j3')];
    const [j1, j2, j3] = jobs as [PendingInsert, PendingInsert, PendingInsert];
    await writePending(a, [j1, ...rows, j2, j3]);
    expect(await stored()).toEqual([j1, ...rows, j2, { ...j3, claimAt: null }].map(asStored));
    const claimed = await a.store.claimDue({ ...anyDue, kinds: ['job'], limit: 10, leaseMs: 1_000 });
    expect(claimed.map(({ eventId }) => eventId)).toEqual(['j1', 'j2']);
  });

  it('is refused as data that cannot be stored, for the chunk to find the bad row', async () => {
    const refusal = async (errorMessage: string): Promise<unknown> => {
      const tx = await a.store.begin();
      const { chunk } = await tx.openChunk();
      const write = tx.write({ ...nothing(chunk), pending: [first, waiting('bad', { errorMessage })] });
      const thrown = await write.catch((error: unknown) => error);
      await tx.rollback();
      return thrown;
    };
    expect(await refusal('half \ud800 pair')).toMatchObject({ code: 'output_invalid' });
    expect(await refusal('a\u0000b')).toMatchObject({ code: '22021' });
    expect(await stored()).toEqual([]);
  });
});
