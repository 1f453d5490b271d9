import { testStack } from '@signalbox/local-stack';
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { createDatabase, migrate } from '../src/migrate.js';
import { createPool } from '../src/pool.js';
import { PostgresStore } from '../src/postgres-store.js';

/** A database of its own for one test file. */
export async function freshDatabase(): Promise<string> {
  const { databaseUrl } = await testStack();
  return createDatabase(databaseUrl, `kit_${randomBytes(6).toString('hex')}`);
}

export interface TestStore {
  readonly store: PostgresStore;
  readonly pool: Pool;
}

/** A migrated schema and a way to open stores on it, each as another process would. */
export async function storeFactory(schema = 'agent'): Promise<{
  readonly url: string;
  open(instance: string): TestStore;
  close(): Promise<void>;
}> {
  const url = await freshDatabase();
  await migrate(url, schema);
  const pools: Pool[] = [];
  return {
    url,
    open(instance) {
      const pool = createPool({ url, schema, max: 4, onError: () => undefined });
      pools.push(pool);
      return { pool, store: new PostgresStore({ pool, url, schema, instance }) };
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** Ids of two processes. */
export const processA = 'aaaaaaaa-0000-4000-8000-000000000000';
export const processB = 'bbbbbbbb-0000-4000-8000-000000000000';

export interface OpenedStores {
  readonly a: TestStore;
  readonly b: TestStore;
  /** One more process. */
  open(instance: string): TestStore;
}

/** Opens stores of two processes on a database of the file's own before its tests, and closes them afterwards. */
export function useStores(use: (opened: OpenedStores) => void): void {
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const factory = await storeFactory();
    close = () => factory.close();
    use({ a: factory.open(processA), b: factory.open(processB), open: (instance) => factory.open(instance) });
  });
  afterAll(() => close?.());
}
