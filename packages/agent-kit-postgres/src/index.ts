export { createDatabase, kitMigrations, migrate } from './migrate.js';
export { createPool, type DatabaseOptions } from './pool.js';
export { PostgresStore, type PostgresStoreOptions } from './postgres-store.js';
export type { Pool } from 'pg';
