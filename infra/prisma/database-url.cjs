'use strict';
// Reads a PostgreSQL URL and runs plain SQL over a connection of its own.
const { Client } = require('pg');

/** The database a URL names, the schema it asks for, and the same server's maintenance database. */
function readUrl(url) {
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  const schema = parsed.searchParams.get('schema') ?? undefined;
  return { database, schema, maintenance: withDatabase(url, 'postgres') };
}

/** The URL with another database. */
function withDatabase(url, database) {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.toString();
}

const quoted = (identifier) => `"${identifier.replaceAll('"', '""')}"`;

/** Runs statements, several allowed, as one simple query. */
async function runSql(url, sql) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const createDatabase = (url, name) => runSql(readUrl(url).maintenance, `CREATE DATABASE ${quoted(name)}`);
const dropDatabase = (url, name) =>
  runSql(readUrl(url).maintenance, `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);

module.exports = { createDatabase, dropDatabase, quoted, readUrl, runSql, withDatabase };
