#!/usr/bin/env node
'use strict';
// Stands in for Prisma's native schema engine, which would be downloaded: PRISMA_SCHEMA_ENGINE_BINARY names this
// file. It speaks the engine's JSON-RPC over stdin and stdout and lets the WASM build answer. PostgreSQL only.
const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { parseArgs } = require('node:util');
const { bindMigrationAwareSqlAdapterFactory } = require('@prisma/driver-adapter-utils');
const { createDatabase, dropDatabase, readUrl, runSql } = require('./database-url.cjs');
const { answer } = require('./engine-methods.cjs');
const { migrationAdapterFactory } = require('./migration-adapter.cjs');
const { lastPanic, loadEngine } = require('./wasm-engine.cjs');

/** PostgreSQL's SQLSTATEs and the codes under which Prisma knows them. */
const KNOWN = { '3D000': 'P1003', '28P01': 'P1000' };
const UNREACHABLE = 'P1001';

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { datasource: { type: 'string' }, datamodels: { type: 'string' }, version: { type: 'boolean' } },
  allowPositionals: true,
  strict: false,
});
const datasource = JSON.parse(values.datasource ?? '{}');

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** Ends with an error as the CLI reads it: a first line that it skips, then a log line. */
function fail(message, errorCode) {
  const line = (level, fields) =>
    JSON.stringify({ timestamp: new Date().toISOString(), target: 'schema_engine', level, fields });
  process.stderr.write(`${line('INFO', { message: 'start' })}\n`);
  process.stderr.write(`${line('ERROR', { is_panic: false, message, error_code: errorCode, meta: {} })}\n`);
  process.exit(1);
}

const commands = {
  'can-connect-to-database': () => runSql(datasource.url, 'SELECT 1'),
  'create-database': () => createDatabase(datasource.url, readUrl(datasource.url).database),
  'drop-database': () => dropDatabase(datasource.url, readUrl(datasource.url).database),
};

async function runCommand(name) {
  if (!Object.hasOwn(commands, name)) throw new Error(`unknown command '${name}'`);
  await commands[name]();
}

/** The models to begin with: those named on the command line, else those the first call brings. */
function modelsFrom(params) {
  const paths = (values.datamodels ?? '').split(',').filter((path) => path !== '');
  if (paths.length > 0) return paths.map((path) => [path, readFileSync(path, 'utf8')]);
  const holder = params?.schema ?? params?.to ?? params?.from;
  return holder?.files?.map(({ path, content }) => [path, content]);
}

async function serve() {
  const SchemaEngine = await loadEngine();
  const url = datasource.url ?? 'postgresql://127.0.0.1:1/none';
  const factory = bindMigrationAwareSqlAdapterFactory(
    migrationAdapterFactory(url, datasource.shadowDatabaseUrl),
  );
  const print = (content) => write({ id: 'print', method: 'print', params: { content } });
  let engine;
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = line.trim() === '' ? {} : JSON.parse(line);
    // A line without a method is the CLI's answer to `print`.
    if (method === undefined) continue;
    try {
      engine ??= await SchemaEngine.new({ datamodels: modelsFrom(params) }, () => undefined, factory);
      write({ id, result: await answer(engine, method, params, print) });
    } catch (error) {
      write({ id, error: rpcError(error) });
    }
  }
}

function rpcError(error) {
  const message = [error?.message ?? String(error), lastPanic()].filter((text) => text !== '').join('\n');
  const data = { is_panic: false, message, meta: error?.meta ?? null, error_code: error?.code ?? null };
  return { code: 4466, message: 'The schema engine failed; see data.', data };
}

if (values.version) {
  process.stdout.write('schema-engine (WASM)\n');
} else {
  const at = positionals.indexOf('cli');
  const run = at >= 0 ? runCommand(positionals[at + 1]) : serve();
  run.catch((error) => fail(String(error?.message ?? error), KNOWN[error?.code] ?? UNREACHABLE));
}
