import { CommitUnknownError } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { processA, processB, storeFactory, type TestStore } from '../test/database.js';
import { CuttingProxy } from '../test/cutting-proxy.js';
import { createPool } from './pool.js';
import { PostgresStore } from './postgres-store.js';

const partition = { topic: 'orders', partition: 0 };

describe('PostgresStore when the server or the way to it fails', () => {
  let factory: Awaited<ReturnType<typeof storeFactory>>;
  let direct: TestStore;
  let proxy: CuttingProxy;
  let through: TestStore;

  beforeAll(async () => {
    factory = await storeFactory();
    direct = factory.open(processB);
    proxy = await CuttingProxy.start(factory.url);
    const options = { url: proxy.url, schema: 'agent' };
    const pool = createPool({ ...options, max: 2, onError: () => undefined });
    through = { pool, store: new PostgresStore({ ...options, pool, instance: processA }) };
  });
  afterAll(async () => {
    await through.pool.end();
    await proxy.stop();
    await factory.close();
  });
  beforeEach(async () => {
    await direct.pool.query('TRUNCATE sb_progress, sb_outbox, sb_key');
    await direct.store.startTopic('orders', new Map([[0, 5n]]), new Map([[0, 0n]]));
  });

  const fenced = async () => {
    const claim = await through.store.claim(partition);
    const tx = await through.store.begin();
    await tx.fence({ ...partition, epoch: claim?.epoch ?? 0n, expectedOffset: 5n, nextOffset: 8n });
    return { tx, epoch: claim?.epoch ?? 0n };
  };

  it('does not know what became of a COMMIT whose answer was lost, and finds it done', async () => {
    const { tx, epoch } = await fenced();
    proxy.cutAfter('COMMIT');
    await expect(tx.commit()).rejects.toBeInstanceOf(CommitUnknownError);
    await tx.rollback(); // harmless
    expect(await through.store.confirm(partition, epoch)).toBe(8n);
  });

  it('does not know what became of a COMMIT that never arrived, and finds it undone', async () => {
    const { tx, epoch } = await fenced();
    proxy.cutBefore('COMMIT');
    await expect(tx.commit()).rejects.toBeInstanceOf(CommitUnknownError);
    expect(await through.store.confirm(partition, epoch)).toBe(5n);
  });

  it('takes a cut connection for trouble of the database, and the next one is a new one', async () => {
    const { tx } = await fenced();
    proxy.cutAll();
    await expect(tx.openChunk()).rejects.toMatchObject({ code: 'database_unavailable' });
    await tx.rollback();
    expect(await through.store.now()).toBeInstanceOf(Date);
  });

  it('answers a ping of a silent server in time, once for all who ask, and recovers', async () => {
    proxy.hold();
    const startedMs = Date.now();
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => through.store.ping()));
    expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
    expect(Date.now() - startedMs).toBeLessThan(4_500); // without its own second a question waits 5 s
    expect(through.pool.totalCount).toBeLessThanOrEqual(2);
    proxy.go();
    await expect(through.store.ping()).resolves.toBeUndefined();
  });

  it('lets a missing right or table wait for a person instead of blaming the data', async () => {
    const tx = await direct.store.begin();
    await direct.pool.query('ALTER TABLE sb_outbox RENAME TO hidden');
    const refused = tx.outboxOfChunks([1n]);
    await expect(refused).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(refused).rejects.toBeInstanceOf(SignalboxError);
    await tx.rollback();
    await direct.pool.query('ALTER TABLE hidden RENAME TO sb_outbox');
  });
});
