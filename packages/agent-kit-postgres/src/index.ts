// First of all: before pg is loaded.
import './known-runtime.js';
export { createDatabase, kitMigrations, migrate } from './migrate.js';
export { openConnections } from './open-connections.js';
export { createPool, type DatabaseOptions } from './pool.js';
export { PostgresOperator, type PostgresOperatorOptions } from './operate/postgres-operator.js';
export { PostgresUpkeep } from './postgres-upkeep.js';
export { PostgresStore, type PostgresStoreOptions } from './postgres-store.js';
export type { Pool } from 'pg';
