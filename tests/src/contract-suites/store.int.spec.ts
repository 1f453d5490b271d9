import { createDatabase, createPool, migrate, PostgresStore, type Pool } from '@signalbox/agent-kit-postgres';
import { testStack } from '@signalbox/local-stack';
import { MemoryDatabase, MemoryStore, SeededRandom, VirtualClock } from '@signalbox/test-kit';
import { randomBytes } from 'node:crypto';
import { storeContract } from './store-contract.js';

storeContract('in memory', async () => {
  const database = new MemoryDatabase(new VirtualClock(), new SeededRandom(1));
  return {
    open: (instance) => new MemoryStore(database, instance),
    empty: async () => database.empty(),
    close: async () => undefined,
  };
});

const tables = 'sb_progress, sb_inbox, sb_key, sb_pending, sb_outbox, sb_dead_letter, sb_ledger';

storeContract('on PostgreSQL', async () => {
  const { databaseUrl } = await testStack();
  const url = await createDatabase(databaseUrl, `contract_${randomBytes(6).toString('hex')}`);
  const schema = 'agent';
  await migrate(url, schema);
  const pools: Pool[] = [];
  const connect = (): Pool => {
    const pool = createPool({ url, schema, max: 4, onError: () => undefined });
    pools.push(pool);
    return pool;
  };
  const own = connect();
  return {
    open: (instance) => new PostgresStore({ pool: connect(), url, schema, instance }),
    empty: async () => {
      await own.query(`TRUNCATE ${tables}`);
      await own.query("UPDATE sb_sweeper SET lease_until = '-infinity', owner = NULL");
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
});
