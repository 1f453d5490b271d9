'use strict';
// Runs Prisma's CLI with our schema engine: `node infra/prisma/prisma.cjs <app folder> <prisma arguments…>`.
// Instead of them also: `new <name>` writes the SQL of the next migration, `check` fails when migrations and models
// differ. DATABASE_URL names a server on which a scratch database may be made; `generate` needs none.
const { spawnSync } = require('node:child_process');
const { mkdirSync, readdirSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');

const migrationsFolder = 'prisma/migrations';
const difference = [
  'migrate',
  'diff',
  '--from-migrations',
  migrationsFolder,
  '--to-schema',
  'prisma/schema.prisma',
];
const localStack = 'postgresql://signalbox:signalbox@127.0.0.1:15432/signalbox';

/** Runs the CLI in the app's folder; `output` is `inherit` or `pipe`. */
function prisma(app, args, output) {
  const cli = createRequire(join(app, 'package.json')).resolve('prisma/build/index.js');
  return spawnSync(process.execPath, [cli, ...args], {
    cwd: app,
    stdio: ['ignore', output, 'inherit'],
    encoding: 'utf8',
    env: {
      ...process.env,
      DATABASE_URL: process.env.DATABASE_URL || localStack,
      PRISMA_SCHEMA_ENGINE_BINARY: join(__dirname, 'schema-engine.cjs'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
}

/** Writes `prisma/migrations/<number>_<name>/migration.sql`; says so when there is nothing to write. */
function newMigration(app, name) {
  if (!/^[a-z][a-z0-9_]{0,60}$/.test(name ?? '')) {
    process.stderr.write('usage: npm run db:migrate:new -- <name_in_lower_case>\n');
    return 2;
  }
  const { status, stdout } = prisma(app, [...difference, '--script', '--exit-code'], 'pipe');
  if (status === 0) {
    process.stdout.write('The migrations already lead to the models: nothing to write.\n');
    return 0;
  }
  // 2 is "there is a difference"; everything else has told its error.
  if (status !== 2) return status ?? 1;
  const taken = readdirSync(join(app, migrationsFolder)).map((folder) => Number.parseInt(folder, 10) || 0);
  const folder = `${String(Math.max(0, ...taken) + 1).padStart(4, '0')}_${name}`;
  mkdirSync(join(app, migrationsFolder, folder));
  writeFileSync(join(app, migrationsFolder, folder, 'migration.sql'), stdout);
  process.stdout.write(
    `Wrote ${migrationsFolder}/${folder}/migration.sql: read it, and correct it where needed.\n`,
  );
  return 0;
}

const [appArgument, command, ...rest] = process.argv.slice(2);
const app = resolve(appArgument ?? '.');
if (command === 'new') process.exitCode = newMigration(app, rest[0]);
else if (command === 'check')
  process.exitCode = prisma(app, [...difference, '--exit-code'], 'inherit').status ?? 1;
else
  process.exitCode =
    prisma(
      app,
      [command, ...rest].filter((arg) => arg !== undefined),
      'inherit',
    ).status ?? 1;
