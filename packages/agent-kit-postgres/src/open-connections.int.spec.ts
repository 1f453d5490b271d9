import { storeFactory } from '../test/database.js';
import { openConnections } from './open-connections.js';
import { createPool } from './pool.js';

describe('openConnections', () => {
  const poolOf = (url: string) => createPool({ url, schema: 'agent', max: 3, onError: () => undefined });

  it('leaves as many connections as asked for, all of them free', async () => {
    const factory = await storeFactory();
    const pool = poolOf(factory.url);
    await openConnections(pool, 3);
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([3, 3, 0]);
    await pool.end();
    await factory.close();
  });

  it('says that the database is away and leaves none open', async () => {
    const pool = poolOf('postgres://nobody:nothing@127.0.0.1:9/none');
    await expect(openConnections(pool, 2)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect([pool.totalCount, pool.waitingCount]).toEqual([0, 0]);
    await pool.end();
  });
});
