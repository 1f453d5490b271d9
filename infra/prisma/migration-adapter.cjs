'use strict';
// @prisma/adapter-pg 7.10, mended for migrations. What it gets wrong there, and what is done instead:
//  - a connection string wins over the name of the shadow database, so that it would open the main one: the
//    connection is given in parts;
//  - it drops the shadow database while its own pool is still connected: made and dropped here;
//  - it does not know PostgreSQL's one-byte type "char" (type 18), which the engine's description of a database
//    reads: handed on as text and named a character again;
//  - it splits scripts at every semicolon, also inside function bodies: a script is sent whole.
const { PrismaPg } = require('@prisma/adapter-pg');
const { ColumnTypeEnum } = require('@prisma/driver-adapter-utils');
const { randomUUID } = require('node:crypto');
const { createDatabase, dropDatabase, quoted, readUrl, runSql, withDatabase } = require('./database-url.cjs');

const ONE_BYTE_CHAR = 18;
const TEXT = 25;

/** A factory as the engine wants it: `connect` for the database, `connectToShadowDb` for a scratch one. */
function migrationAdapterFactory(url, shadowUrl) {
  const factory = adapterFor(url);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mended(await connect(), url);
  factory.connectToShadowDb = () => (shadowUrl ? openAt(shadowUrl) : openScratch(url));
  return factory;
}

function adapterFor(url) {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const { database, schema } = readUrl(url);
  const tls = searchParams.get('sslmode') ?? 'disable';
  return new PrismaPg(
    {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 5432 : Number(port),
      user: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password) || undefined,
      database,
      ...(tls === 'disable' ? {} : { ssl: { rejectUnauthorized: tls.startsWith('verify') } }),
    },
    { schema },
  );
}

async function openAt(url) {
  return mended(await adapterFor(url).connect(), url);
}

async function openScratch(url) {
  const name = `shadow_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(url, name);
  const adapter = await openAt(withDatabase(url, name));
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await dropDatabase(url, name);
  };
  return adapter;
}

function mended(adapter, url) {
  const { schema } = readUrl(url);
  const prefix = schema ? `SET search_path TO ${quoted(schema)};\n` : '';
  adapter.executeScript = (script) => runSql(url, prefix + script).catch((error) => adapter.onError(error));
  readOneByteChars(adapter);
  return adapter;
}

function readOneByteChars(adapter) {
  const performIO = adapter.performIO.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  let columnsOfChars = [];
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    const fields = result.fields ?? [];
    columnsOfChars = fields.map(({ dataTypeID }) => dataTypeID === ONE_BYTE_CHAR);
    for (const field of fields) if (field.dataTypeID === ONE_BYTE_CHAR) field.dataTypeID = TEXT;
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const columnTypes = result.columnTypes.map((type, at) =>
      columnsOfChars[at] ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
}

module.exports = { migrationAdapterFactory };
