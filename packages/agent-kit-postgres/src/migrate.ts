import { SignalboxError } from '@signalbox/errors';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { asStoreError, isDatabaseTrouble, sqlStateOf } from './errors.js';

/** Numbered SQL of the kit itself. */
export const kitMigrations = join(__dirname, '..', 'migrations');

/** A migration that changes what older code relies on says so in its first line; older code then refuses to run. */
const BREAKING = /^--\s*breaking\b/i;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  readonly isBreaking: boolean;
}

/**
 * Brings an app's schema up to date: the kit's SQL, then the app's own folders, each file once, in order, in a
 * transaction of its own, under an advisory lock. Throws `migration_changed` when an applied file was edited and
 * `schema_newer` when the database holds a breaking migration this code does not know. Returns the names applied.
 */
export async function migrate(
  url: string,
  schema: string,
  folders: readonly string[] = [],
): Promise<string[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the statement in flight rejects as well
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 7))', [`signalbox migrate ${schema}`]);
    return await migrateLocked(client, schema, folders);
  } catch (error) {
    throw asStoreError(error);
  } finally {
    await client.end().catch(() => undefined); // closes the session and so frees the lock
  }
}

async function migrateLocked(client: Client, schema: string, folders: readonly string[]): Promise<string[]> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
  await client.query(`SET search_path = "${schema}"`);
  await client.query(
    'CREATE TABLE IF NOT EXISTS sb_migration (name text PRIMARY KEY, checksum text NOT NULL, is_breaking boolean NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await client.query<{ name: string; checksum: string; is_breaking: boolean }>(
    'SELECT name, checksum, is_breaking FROM sb_migration',
  );
  const applied = new Map(rows.map((row) => [row.name, row]));
  const migrations = [
    ...readFolder(kitMigrations, 'kit/'),
    ...folders.flatMap((folder) => readFolder(folder, 'app/')),
  ];
  const known = new Set(migrations.map(({ name }) => name));
  const newer = rows.filter((row) => row.is_breaking && !known.has(row.name)).map(({ name }) => name);
  if (newer.length > 0) {
    throw new SignalboxError(
      'schema_newer',
      `schema '${schema}' holds breaking migrations this code does not know: ${newer.join(', ')}`,
    );
  }
  const done: string[] = [];
  for (const migration of migrations) {
    const before = applied.get(migration.name);
    if (before && before.checksum !== migration.checksum) {
      throw new SignalboxError(
        'migration_changed',
        `migration '${migration.name}' of schema '${schema}' was edited after it was applied`,
      );
    }
    if (!before) done.push(await apply(client, migration));
  }
  return done;
}

async function apply(client: Client, { name, sql, checksum, isBreaking }: Migration): Promise<string> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO sb_migration (name, checksum, is_breaking) VALUES ($1, $2, $3)', [
      name,
      checksum,
      isBreaking,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    if (isDatabaseTrouble(error) && !isSqlMistake(error)) throw error;
    throw new SignalboxError('migration_failed', `migration '${name}' failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return name;
}

const isSqlMistake = (error: unknown): boolean => sqlStateOf(error)?.startsWith('42') === true;

/** Files `NNNN_name.sql`, or folders `<time>_name/migration.sql` as Prisma lays them out, in the order of their names. */
function readFolder(folder: string, prefix: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? /^\d/.test(entry.name) : entry.name.endsWith('.sql')))
    .map((entry) => ({
      name: entry.name,
      file: entry.isDirectory() ? join(entry.name, 'migration.sql') : entry.name,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, file }) => {
      const sql = readFileSync(join(folder, file), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { name: prefix + name, sql, checksum, isBreaking: BREAKING.test(sql) };
    });
}

/** Makes a database when it is missing; for tests and the local stack. */
export async function createDatabase(adminUrl: string, name: string): Promise<string> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE "${name.replaceAll('"', '""')}"`);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.toString();
}
