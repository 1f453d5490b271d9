import { createDatabase, createPool, migrate, PostgresStore } from '@signalbox/agent-kit-postgres';
import { testStack } from '@signalbox/local-stack';
import { MemoryDatabase, MemoryStore, SeededRandom, VirtualClock } from '@signalbox/test-kit';
import { randomBytes } from 'node:crypto';
import { storeContract } from './store-contract.js';

storeContract('in memory', async () => {
  const database = new MemoryDatabase(new VirtualClock(), new SeededRandom(1));
  return { open: (instance) => new MemoryStore(database, instance), close: async () => undefined };
});

storeContract('on PostgreSQL', async () => {
  const { databaseUrl } = await testStack();
  const url = await createDatabase(databaseUrl, `contract_${randomBytes(6).toString('hex')}`);
  const schema = 'agent';
  await migrate(url, schema);
  const pools: { end(): Promise<void> }[] = [];
  return {
    open(instance) {
      const pool = createPool({ url, schema, max: 4, onError: () => undefined });
      pools.push(pool);
      return new PostgresStore({ pool, url, schema, instance });
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
});
