'use strict';
// The calls of the CLI that the WASM engine answers otherwise than the native one. Everything else is handed on.

/** Migrations are named by time, to the second, as the CLI does. */
const stamp = (now) => now.toISOString().replace(/\D/g, '').slice(0, 14);

/** The WASM engine refuses `createMigration` on PostgreSQL; the difference to the migrations so far is the same SQL. */
async function createMigration(engine, { migrationsList, schema, filters, migrationName, draft }) {
  const isFirst = migrationsList.migrationDirectories.length === 0;
  const { exitCode, stdout } = await engine.diff({
    from: isFirst ? { tag: 'empty' } : { tag: 'migrations', ...migrationsList },
    to: { tag: 'schemaDatamodel', ...schema },
    script: true,
    exitCode: true,
    filters,
  });
  const nothing = draft ? '-- This migration is empty.' : null;
  return {
    connectorType: 'postgresql',
    extension: 'sql',
    generatedMigrationName: `${stamp(new Date())}_${migrationName || 'migration'}`,
    migrationScript: exitCode === 0 ? nothing : stdout,
  };
}

/** The native engine prints a difference through the CLI; the WASM engine returns it. */
async function diff(engine, params, print) {
  const { exitCode, stdout } = await engine.diff(params);
  if (stdout !== null && stdout !== undefined) print(stdout);
  return { exitCode, stdout: null };
}

const special = { createMigration, diff, getDatabaseVersion: (engine, params) => engine.version(params) };

/** Answers one call; `print` shows text to the person at the CLI. */
async function answer(engine, method, params, print) {
  if (Object.hasOwn(special, method)) return (await special[method](engine, params, print)) ?? null;
  if (typeof engine[method] !== 'function') throw new Error(`the schema engine has no method '${method}'`);
  return (await engine[method](params)) ?? null;
}

module.exports = { answer };
