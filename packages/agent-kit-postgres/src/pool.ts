import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { asStoreError } from './errors.js';
import { writeLargeValues } from './large-values.js';

export interface DatabaseOptions {
  /** postgres:// URL; TLS by its parameters. */
  readonly url: string;
  /** The app's schema, made when missing. */
  readonly schema: string;
  /** Connections at most. */
  readonly max: number;
  /** Told about connections that broke while idle. */
  readonly onError: (error: Error) => void;
}

const CONNECT_MS = 5_000;
/** Longer than any statement of the kit; a connection that gives no answer by then is destroyed. */
const QUERY_MS = 35_000;

const session = [
  'idle_in_transaction_session_timeout=10000',
  'transaction_timeout=30000',
  'lock_timeout=5000',
  'statement_timeout=30000',
  'default_transaction_isolation=read\\ committed',
  // Prepared statements keep the plan of their first runs, when tables are still small: one that reads the whole table
  // would go on doing so while it grows. Every statement on the hot path has an index.
  'enable_seqscan=off',
  'jit=off',
];

/** The one pool of an app: time-outs on every session, the app's schema first in the search path. */
export function createPool({ url, schema, max, onError }: DatabaseOptions): Pool {
  const config: PoolConfig = {
    connectionString: url,
    max,
    options: [...session, `search_path=${schema}`].map((setting) => `-c ${setting}`).join(' '),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    keepAlive: true,
    // Statements of one connection are sent without waiting for the answers of those before.
    pipeline: true,
    application_name: `signalbox ${schema}`,
  };
  const pool = new Pool(config);
  pool.on('error', onError);
  pool.on('connect', (client) => {
    client.on('error', onError);
    writeLargeValues(client);
  });
  return pool;
}

/** A connection of the pool; trouble getting one is `database_unavailable`. */
export async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asStoreError(error);
  }
}

/** Runs one statement outside a transaction. */
export async function run<R extends object>(
  pool: Pool,
  name: string,
  text: string,
  values: unknown[],
): Promise<R[]> {
  try {
    return (await pool.query<R>({ name, text, values })).rows;
  } catch (error) {
    throw asStoreError(error);
  }
}
